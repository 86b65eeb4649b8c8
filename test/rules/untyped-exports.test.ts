import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { programOf } from "../support/program-of.ts";
import { untypedExports } from "./untyped-exports.ts";

it("finds exports whose types are any by inference, and results that are unknown", () => {
  const found = violationsOf(`
    type Json = ReturnType<typeof JSON.parse>;
    export function parsed(text: string) { return JSON.parse(text); }
    export async function loaded() { return [JSON.parse("1")]; }
    export const table: Readonly<Record<string, Json>> = {};
    export interface Row { readonly value: Json; read(key: Json): void }
    export function each(work: (row: Json) => void): void { work(1); }
    export class Reader {
      async read(): Promise<unknown> { return 1; }
      pages(): AsyncIterable<readonly unknown[]> { throw this; }
      next(): string | Promise<unknown> { return ""; }
    }
    interface Hidden { readonly value: Json }
    export function shown(): Hidden { return { value: 1 }; }
  `);

  expect(found).toEqual([
    ...["parsed() is any", "loaded() is any", "each(work)(row) is any", "shown().value is any"],
    ...["table is any", "Row.value is any", "Row.read(key) is any"],
    ...["Reader().read() gives unknown", "Reader().pages() gives unknown"],
    "Reader().next() gives unknown",
  ]);
});

it("allows what has a type, what the caller gives, and what anybody may throw", () => {
  const found = violationsOf(`
    export function check(value: unknown): asserts value is string {}
    export function run<R>(work: () => R): R { return work(); }
    export function each(work: (row: string) => unknown): void { work(""); }
    export interface Failure { readonly error: unknown }
    export class Own { #secret = JSON.parse("1"); get one(): number { return this.#secret; } }
    export async function* stream() { yield "a"; }
    export type Listed = Iterable<string> | AsyncIterable<string> | Map<string, Promise<number>>;
    export class Failed extends Error {}
  `);

  expect(found).toEqual([]);
});

it("says so where there is nothing to look at", () => {
  expect(violationsOf("const one = 1;")).toEqual(["exports nothing"]);
});

/** What is found in a file, without its name. */
function violationsOf(text: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "af-tenancy-exports-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "index.ts");
  writeFileSync(path, text);
  return untypedExports(programOf([path])).map((violation) => violation.replace(/^\S+ /, ""));
}
