import { expect, it } from "vitest";
import { parseSource } from "../../support/parse-source.ts";
import { errorFacts } from "./error-facts.ts";

const facts = (text: string) =>
  errorFacts([
    parseSource(
      "packages/core/src/base.ts",
      "export abstract class TenancyError extends Error { readonly status: number = 500; }",
    ),
    parseSource("packages/core/src/a.ts", text),
  ]).map(({ name, says }) => `${name} ${says}`);

it("reads code, class and status, the latter also from the base", () => {
  const text = `
    export class A extends TenancyError { readonly code = "A"; override readonly status = 404; }
    export class B extends TenancyError { readonly code = "B"; }`;

  expect(facts(text)).toEqual(["A A 404", "B B 500"]);
});

it("reads them through abstract classes, which count as no error themselves", () => {
  const text = `
    abstract class Conflict extends TenancyError { override readonly status = 409; }
    export class A extends Conflict { readonly code = "A"; }`;

  expect(facts(text)).toEqual(["A A 409"]);
});

it("reads the codes of a union, and the status from the objects beside them", () => {
  const text = `
    export type Why = "A" | "B";
    export class C extends TenancyError { readonly code: Why; override readonly status: number; }
    const a: Denial = { code: "A", status: 403 };
    const b = { code: "B", status: 503 } as const;`;

  expect(facts(text)).toEqual(["A C 403", "B C 503"]);
});

it("does not pass over an error whose code cannot be read", () => {
  const text = "export class A extends TenancyError { readonly code: string; }";

  expect(facts(text)).toEqual([expect.stringContaining("A (no readable code)")]);
});

it("leaves other classes alone", () => {
  expect(facts(`class A extends Error { readonly code = "A"; } class B {}`)).toEqual([]);
});
