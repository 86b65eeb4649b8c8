import ts from "typescript";
import { nodesOf } from "../../support/nodes-of.ts";
import type { Fact } from "./differences.ts";
import { literalOf, literalsOf } from "./literal-of.ts";
import { placeOf } from "./place-of.ts";

/**
 * Lists the codes of all classes that extend `TenancyError` and are not abstract, each with its HTTP status and class.
 * Where a class takes its code at run time, the union that types it lists the codes, and the objects that carry one
 * of them the statuses.
 */
export function errorFacts(sources: readonly ts.SourceFile[]): Fact[] {
  const nodes = sources.flatMap((file) => nodesOf(file));
  const classes = new Map(
    nodes.filter(ts.isClassDeclaration).map((one) => [one.name?.text ?? "", one]),
  );
  return [...classes.values()]
    .filter((one) => isError(one, classes) && !isAbstract(one))
    .flatMap((one) => factsOf(one, classes, nodes));
}

type Classes = ReadonlyMap<string, ts.ClassDeclaration>;

function isError(one: ts.ClassDeclaration, classes: Classes): boolean {
  const name = parentName(one);
  if (name === undefined) return false;
  if (name === "TenancyError") return true;
  const parent = classes.get(name);
  return parent !== undefined && isError(parent, classes);
}

function factsOf(one: ts.ClassDeclaration, classes: Classes, nodes: readonly ts.Node[]): Fact[] {
  const name = one.name?.text ?? "";
  const at = placeOf(one);
  const code = literalOf(property(one, classes, "code")?.initializer);
  if (code !== undefined) {
    const status = literalOf(property(one, classes, "status")?.initializer);
    return [{ name: code, says: `${name} ${status ?? "no fixed status"}`, at }];
  }
  const codes = codesOfType(property(one, classes, "code")?.type, nodes);
  if (codes.length === 0) return [{ name: `${name} (no readable code)`, says: "", at }];
  return codes.map((each) => ({
    name: each,
    says: `${name} ${statusBeside(each, nodes) ?? "no fixed status"}`,
    at,
  }));
}

/** Looks a property up in the class and in those that it extends. */
function property(
  one: ts.ClassDeclaration,
  classes: Classes,
  name: string,
): ts.PropertyDeclaration | undefined {
  const own = one.members
    .filter(ts.isPropertyDeclaration)
    .find((member) => member.name.getText() === name);
  if (own !== undefined) return own;
  const parent = classes.get(parentName(one) ?? "");
  return parent && property(parent, classes, name);
}

function codesOfType(type: ts.TypeNode | undefined, nodes: readonly ts.Node[]): string[] {
  if (type === undefined) return [];
  if (!ts.isTypeReferenceNode(type)) return literalsOf(type);
  const alias = nodes
    .filter(ts.isTypeAliasDeclaration)
    .find(({ name }) => name.text === type.typeName.getText());
  return alias ? literalsOf(alias.type) : [];
}

function statusBeside(code: string, nodes: readonly ts.Node[]): string | undefined {
  for (const object of nodes.filter(ts.isObjectLiteralExpression)) {
    if (valueIn(object, "code") === code) return valueIn(object, "status");
  }
  return undefined;
}

function valueIn(object: ts.ObjectLiteralExpression, name: string): string | undefined {
  const found = object.properties
    .filter(ts.isPropertyAssignment)
    .find((one) => one.name.getText() === name);
  return literalOf(found?.initializer);
}

function parentName(one: ts.ClassDeclaration): string | undefined {
  const clause = one.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  return clause?.types[0]?.expression.getText();
}

function isAbstract(one: ts.ClassDeclaration): boolean {
  return one.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword) ?? false;
}
