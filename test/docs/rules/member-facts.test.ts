import { expect, it } from "vitest";
import { parseSource } from "../../support/parse-source.ts";
import { memberFacts } from "./member-facts.ts";

const members = (text: string) =>
  memberFacts([parseSource("a.ts", text)], "A").map(({ name, says }) => `${name}: ${says}`);

it.each([
  ["an interface", "interface A { readonly a?: string; b(): number }"],
  ["a type", "type A = { readonly a: string; b: number };"],
  ["what it extends", "interface B { b: number } interface A extends B { a: string }"],
  ["what it joins", "type A = B & { a: string }; interface B { b: number }"],
  ["what it unites", "type A = { a: string; b: number } | { a?: undefined; b: number };"],
  [
    "what it leaves out",
    'interface A extends Omit<B, "c"> { a: string } type B = { b: number; c: 1 };',
  ],
  ["what it picks", 'interface A extends Pick<B, "b"> { a: string } type B = { b: number; c: 1 };'],
  ["what it makes optional", "type A = Partial<B>; interface B { a: string; b: number }"],
  [
    "what is merged into it",
    'interface A { a: string } declare module "x" { interface A { b: number } }',
  ],
])("reads the members of %s", (_, text) => {
  expect(members(text).sort()).toEqual(["a: string", "b: number"]);
});

it("says where a member stands", () => {
  const [fact] = memberFacts([parseSource("src/a.ts", "interface A {\n  a: string;\n}")], "A");

  expect(fact?.at).toBe("src/a.ts:2");
});
