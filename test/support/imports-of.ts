import ts from "typescript";
import { nodesOf } from "./nodes-of.ts";

/** One place where a file names another module. */
export interface Import {
  readonly node: ts.Node;
  /** Undefined where the name is computed at run time. */
  readonly specifier: string | undefined;
  /** Whether nothing of it is left when the types are stripped. */
  readonly erased: boolean;
}

/** Finds all imports, re-exports, `import()`, `require()`, import types and module augmentations of a file. */
export function importsOf(file: ts.SourceFile): Import[] {
  return nodesOf(file).flatMap((node) => {
    if (ts.isImportDeclaration(node)) {
      return importOf(node, node.moduleSpecifier, node.importClause?.phaseModifier === typeKeyword);
    }
    if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      return importOf(node, node.moduleSpecifier, node.isTypeOnly);
    }
    if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
      return importOf(node, node.moduleReference.expression, node.isTypeOnly);
    }
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      return importOf(node, node.argument.literal, true);
    }
    if (ts.isModuleDeclaration(node) && ts.isStringLiteral(node.name)) {
      return importOf(node, node.name, true);
    }
    if (ts.isCallExpression(node) && loadsModule(node.expression)) {
      return importOf(node, node.arguments[0], false);
    }
    return [];
  });
}

const typeKeyword = ts.SyntaxKind.TypeKeyword;

function importOf(node: ts.Node, name: ts.Node | undefined, erased: boolean): Import[] {
  const specifier = name && ts.isStringLiteralLike(name) ? name.text : undefined;
  return [{ node, specifier, erased }];
}

function loadsModule(callee: ts.Expression): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
  return ts.isIdentifier(callee) && callee.text === "require";
}
