/** A migration that is to be written: its file's name and its text. */
export interface MigrationFile {
  readonly name: string;
  readonly text: string;
}

/** Makes a migration with nothing in it, in the language of those beside it. */
export function migrationFile(
  name: string,
  now: Date,
  neighbours: readonly string[],
): MigrationFile {
  const extension = extensionOf(neighbours);
  const stamp = now.toISOString().replace(/\D/g, "").slice(0, 14);
  const className = `Migration${stamp}_${name}`;
  const isTyped = extension.endsWith("ts");
  const method = (verb: string) => (isTyped ? `  override ${verb}(): void {` : `  ${verb}() {`);
  const text = [
    'import { Migration } from "@mikro-orm/migrations";',
    "",
    `export class ${className} extends Migration {`,
    method("up"),
    '    this.addSql("select 1");',
    "  }",
    "",
    method("down"),
    '    this.addSql("select 1");',
    "  }",
    "}",
    "",
  ].join("\n");
  return { name: `${className}${extension}`, text };
}

/** Tells whether a file is a migration of this name, whenever it was made. */
export function isMigrationOf(name: string, file: string): boolean {
  return new RegExp(`^(?:Migration)?\\d*_?${name}\\.[cm]?[jt]s$`, "i").test(file);
}

/** That of the latest one; TypeScript where there is none yet. */
function extensionOf(neighbours: readonly string[]): string {
  const [, extension] = /(?<!\.d)(\.m?[jt]s)$/.exec(neighbours.at(-1) ?? "") ?? [];
  return extension ?? ".ts";
}
