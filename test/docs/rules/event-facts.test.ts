import { expect, it } from "vitest";
import { parseSource } from "../../support/parse-source.ts";
import { eventFacts } from "./event-facts.ts";

it("lists the events of every package, and which of them may be refused", () => {
  const core = `
    export interface TenancyEventMap<T> { one: Step<T> & Vetoable; two: Step<T>; three: Change }
    export interface Step<T> {}
    export interface Change extends Step, Vetoable {}`;
  const other = 'declare module "@af-tenancy/core" { interface TenancyEventMap { four: Step } }';

  const facts = eventFacts([parseSource("a.ts", core), parseSource("b.ts", other)]);

  expect(facts.map(({ name, says }) => `${name} ${says}`)).toEqual([
    "one yes",
    "two no",
    "three yes",
    "four no",
  ]);
});
