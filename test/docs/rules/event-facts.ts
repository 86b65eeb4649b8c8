import ts from "typescript";
import { nodesOf } from "../../support/nodes-of.ts";
import type { Fact } from "./differences.ts";
import { memberFacts } from "./member-facts.ts";

/** Lists the events of a tenancy, each with `yes` when a listener may refuse it and `no` when not. */
export function eventFacts(sources: readonly ts.SourceFile[]): Fact[] {
  return memberFacts(sources, "TenancyEventMap").map((fact) => ({
    ...fact,
    says: isVetoable(fact.says, sources) ? "yes" : "no",
  }));
}

function isVetoable(type: string, sources: readonly ts.SourceFile[]): boolean {
  const names = type.match(/[A-Za-z]+/g) ?? [];
  const payload = sources
    .flatMap((file) => nodesOf(file))
    .filter(ts.isInterfaceDeclaration)
    .find(({ name }) => name.text === names[0]);
  const parents = payload?.heritageClauses?.map((clause) => clause.getText()).join(" ") ?? "";
  return /\bVetoable\b/.test(`${type} ${parents}`);
}
