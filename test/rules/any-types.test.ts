import { expect, it } from "vitest";
import { parseSource } from "../support/parse-source.ts";
import { anyTypes } from "./any-types.ts";

it.each([
  "export function f(a: any) {}",
  "export type A = Record<string, any>;",
  "const a = b as any;",
  "export interface A { f(): Promise<any[]>; }",
  "class A<T = any> {}",
])("refuses: %s", (text) => {
  const found = anyTypes([parseSource("packages/core/src/a.ts", `\n\n${text}`)]);

  expect(found).toEqual(["packages/core/src/a.ts:3 says any: say unknown, or the type"]);
});

it.each([
  "export function f(a: unknown) { return { any: a }; }",
  "// takes any value",
  "/** @param {any} a */ export function f(a: unknown) {}",
  "const any = 'any'; type Many = { any: string };",
])("allows: %s", (text) => {
  expect(anyTypes([parseSource("packages/core/src/a.ts", text)])).toEqual([]);
});
