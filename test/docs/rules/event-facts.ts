import ts from "typescript";
import type { Fact } from "./differences.ts";
import { memberFacts } from "./member-facts.ts";
import { typesNamed } from "./types-named.ts";

/** Lists the events of a tenancy, each with `yes` when a listener may refuse it and `no` when not. */
export function eventFacts(sources: readonly ts.SourceFile[]): Fact[] {
  return memberFacts(sources, "TenancyEventMap").map((fact) => ({
    ...fact,
    says: isVetoable(fact.says, sources) ? "yes" : "no",
  }));
}

function isVetoable(type: string, sources: readonly ts.SourceFile[]): boolean {
  const names = type.match(/[A-Za-z]+/g) ?? [];
  const payload = typesNamed(sources, names[0] ?? "").find(ts.isInterfaceDeclaration);
  const parents = payload?.heritageClauses?.map((clause) => clause.getText()).join(" ") ?? "";
  return /\bVetoable\b/.test(`${type} ${parents}`);
}
