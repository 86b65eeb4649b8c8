import ts from "typescript";
import type { Fact } from "./differences.ts";
import { placeOf } from "./place-of.ts";
import { typesNamed } from "./types-named.ts";

/**
 * Lists the members of an interface or a type of that name, those of the types that it extends, unites or joins
 * included, each with its type as it is written.
 */
export function memberFacts(sources: readonly ts.SourceFile[], name: string): Fact[] {
  const found = typesNamed(sources, name).flatMap((node) => factsOf(node, sources));
  return [...new Map(found.map((fact) => [fact.name, fact])).values()];
}

function factsOf(node: ts.Node, sources: readonly ts.SourceFile[]): Fact[] {
  if (ts.isInterfaceDeclaration(node)) {
    const parents = node.heritageClauses?.flatMap(({ types }) => types) ?? [];
    return [...parents, ...node.members].flatMap((one) => factsOf(one, sources));
  }
  if (ts.isTypeAliasDeclaration(node)) return factsOf(node.type, sources);
  if (ts.isTypeLiteralNode(node)) return node.members.flatMap((one) => factsOf(one, sources));
  if (ts.isUnionTypeNode(node) || ts.isIntersectionTypeNode(node)) {
    return node.types.flatMap((one) => factsOf(one, sources));
  }
  if (ts.isTypeReferenceNode(node)) {
    return referenced(node.typeName.getText(), node.typeArguments, sources);
  }
  if (ts.isExpressionWithTypeArguments(node)) {
    return referenced(node.expression.getText(), node.typeArguments, sources);
  }
  if (ts.isPropertySignature(node) || ts.isMethodSignature(node)) {
    const type = node.type?.getText().replace(/\s+/g, " ") ?? "";
    return type === "undefined"
      ? []
      : [{ name: node.name.getText(), says: type, at: placeOf(node) }];
  }
  return [];
}

function referenced(
  name: string,
  given: readonly ts.TypeNode[] | undefined,
  sources: readonly ts.SourceFile[],
): Fact[] {
  const [of, names] = given ?? [];
  if (of === undefined || !["Omit", "Pick", "Partial", "Required", "Readonly"].includes(name)) {
    return memberFacts(sources, name);
  }
  const all = factsOf(of, sources);
  const named = names?.getText() ?? "";
  const isNamed = (fact: Fact) => named.includes(JSON.stringify(fact.name));
  if (name === "Omit") return all.filter((fact) => !isNamed(fact));
  return name === "Pick" ? all.filter(isNamed) : all;
}
