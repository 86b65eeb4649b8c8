import ts from "typescript";
import { nodesOf } from "../../support/nodes-of.ts";

/** Finds the interfaces and types of that name; a file whose text has it nowhere is not walked. */
export function typesNamed(
  sources: readonly ts.SourceFile[],
  name: string,
): (ts.InterfaceDeclaration | ts.TypeAliasDeclaration)[] {
  return sources
    .filter(({ text }) => text.includes(name))
    .flatMap((file) => nodesOf(file))
    .filter((node) => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node))
    .filter((node) => node.name.text === name);
}
