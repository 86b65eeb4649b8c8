import ts from "typescript";
import { report } from "../support/report.ts";
import { evaluatedNodes } from "./evaluated-nodes.ts";

/** Finds what a module makes while it loads and could change later: variables, containers, objects with state. */
export function moduleState(sources: readonly ts.SourceFile[]): string[] {
  return sources.flatMap((file) =>
    evaluatedNodes(file).flatMap((node) => {
      const complaint = complain(node);
      return complaint === undefined ? [] : [report(node, complaint)];
    }),
  );
}

function complain(node: ts.Node): string | undefined {
  if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.Const) === 0) {
    return "declares a module-level variable that is not const";
  }
  if (ts.isPropertyDeclaration(node) && !isReadonly(node)) {
    return `declares the static property "${node.name.getText()}", which is not readonly`;
  }
  if (ts.isNewExpression(node) && !isHarmless(node)) {
    return `makes a "new ${node.expression.getText()}" while the module loads`;
  }
  return undefined;
}

function isReadonly(node: ts.PropertyDeclaration): boolean {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword) ?? false;
}

/** Objects that cannot change, and collections of which only a read-only view is left. */
function isHarmless(node: ts.NewExpression): boolean {
  const made = node.expression.getText();
  if (/^(RegExp|TextEncoder|TextDecoder|Intl\.\w+)$/.test(made)) return true;
  const view = readonlyViews.find(([name]) => name === made)?.[1];
  return view?.test(typeTextOf(node)) ?? false;
}

const readonlyViews: readonly (readonly [string, RegExp])[] = [
  ["Map", /^ReadonlyMap\b/],
  ["Set", /^ReadonlySet\b/],
  ["Array", /^(ReadonlyArray\b|readonly\s)/],
];

/** The type under which an expression is kept: that of an assertion around it, else of its declaration. */
function typeTextOf(node: ts.Expression): string {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent)) return typeTextOf(parent);
  if (ts.isAsExpression(parent)) return parent.type.getText();
  if (ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent)) {
    return parent.type?.getText() ?? "";
  }
  return "";
}
