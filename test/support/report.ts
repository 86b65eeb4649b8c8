import type ts from "typescript";

/** Says what is wrong with a node and where: `packages/core/src/a.ts:3 ...`. */
export function report(node: ts.Node, message: string): string {
  const file = node.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
  return `${file.fileName}:${line + 1} ${message}`;
}
