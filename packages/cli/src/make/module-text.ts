/** A module with one function, as it is written down. */
export interface ModuleShape {
  /** Types that it needs, as in `import type { A } from "b"`. */
  readonly types: Readonly<Record<string, readonly string[]>>;
  /** What it needs beside types. */
  readonly imports?: Readonly<Record<string, readonly string[]>>;
  /** A constant before the function. */
  readonly constant?: {
    readonly name: string;
    readonly type: string;
    readonly value: string;
    readonly says: string;
  };
  /** What the function is for, and how it is used. */
  readonly says: readonly string[];
  readonly name: string;
  readonly takes?: { readonly name: string; readonly type: string };
  readonly gives: string;
  readonly body: string;
}

/** Gives the text of a module: in TypeScript, or in JavaScript with the same types in its comments. */
export function moduleText(shape: ModuleShape, isTyped: boolean): string {
  const { types, imports = {}, constant, name, takes, gives, body } = shape;
  const parts = [
    Object.entries(imports).map(
      ([from, names]) => `import { ${names.join(", ")} } from "${from}";`,
    ),
    Object.entries(types).map(([from, names]) => {
      const said = `{ ${names.join(", ")} } from "${from}"`;
      return isTyped ? `import type ${said};` : `/** @import ${said} */`;
    }),
    [""],
  ];
  if (constant) {
    const { name, type, value, says } = constant;
    parts.push(
      isTyped
        ? [`/** ${says} */`, `export const ${name}: ${type} = ${value};`, ""]
        : [...comment([says, `@type {${type}}`]), `export const ${name} = ${value};`, ""],
    );
  }
  const told = isTyped
    ? []
    : [...(takes ? [`@param {${takes.type}} ${takes.name}`] : []), `@returns {${gives}}`];
  const taken = takes ? (isTyped ? `${takes.name}: ${takes.type}` : takes.name) : "";
  parts.push(comment([...shape.says, ...told]), [
    `export function ${name}(${taken})${isTyped ? `: ${gives}` : ""} {`,
    body,
    "}",
    "",
  ]);
  return parts.flat().join("\n");
}

function comment(lines: readonly string[]): string[] {
  return ["/**", ...lines.map((line) => ` * ${line}`), " */"];
}
