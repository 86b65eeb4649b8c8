import ts from "typescript";
import { isWrapper } from "../support/bare.ts";
import { checkerOf } from "../support/checker-of.ts";
import { nodesOf } from "../support/nodes-of.ts";
import { report } from "../support/report.ts";
import { writesOf } from "./writes-of.ts";

/** Finds changes to objects that outlive a call: those of this module, of an imported one, and of the process. */
export function moduleWrites(sources: readonly ts.SourceFile[]): string[] {
  const checker = checkerOf(sources);
  return sources.flatMap((file) => {
    const aliases = nodesOf(file).filter(isGlobalAlias);
    return [
      ...writesOf(file).flatMap(({ node, target, byMethod }) => {
        const owner = ownerOf(target, checker);
        if (owner === undefined) return [];
        if (byMethod && (owner === "process" || owner === "library")) return [];
        return [report(node, `changes "${target.text}", ${sentences[owner]}`)];
      }),
      ...aliases.map((node) => report(node, aliasSentence)),
    ];
  });
}

const aliasSentence = `gives "globalThis" another name, so that writes go unseen`;

type Owner = keyof typeof sentences;

const sentences = {
  module: "which belongs to the module and is seen by every tenant",
  neighbour: "which belongs to another module and is seen by every tenant",
  library: "which belongs to a library and is seen by the whole process",
  process: "which belongs to the whole process",
} as const;

/** Undefined for what lives no longer than a call, such as a parameter. */
function ownerOf(target: ts.Identifier, checker: ts.TypeChecker): Owner | undefined {
  const declaration = checker.getSymbolAtLocation(target)?.declarations?.[0];
  if (declaration === undefined || ts.isSourceFile(declaration)) return "process";
  const imported = ts.findAncestor(declaration, ts.isImportDeclaration);
  if (imported) return isRelative(imported.moduleSpecifier) ? "neighbour" : "library";
  return ts.findAncestor(declaration.parent, ts.isFunctionLike) ? undefined : "module";
}

function isRelative(specifier: ts.Expression): boolean {
  return ts.isStringLiteral(specifier) && specifier.text.startsWith(".");
}

function isGlobalAlias(node: ts.Node): boolean {
  if (!ts.isIdentifier(node) || !["globalThis", "global"].includes(node.text)) return false;
  let outer: ts.Node = node;
  while (isWrapper(outer.parent)) outer = outer.parent;
  return (
    ts.isVariableDeclaration(outer.parent) ||
    ts.isParameter(outer.parent) ||
    ts.isReturnStatement(outer.parent)
  );
}
