import { expect, it } from "vitest";
import { parseSource } from "../support/parse-source.ts";
import { prints } from "./prints.ts";

it.each([
  "console.log('a');",
  "const f = () => { console['warn']('a'); };",
  "const log = console.error;",
  "const { log } = console;",
  "const f = (log = console as Log) => log.info('a');",
  "globalThis.console.log('a');",
  "import { log } from 'node:console';",
  "process.stdout.write('a');",
  "const f = () => process.stderr.write('a');",
])("refuses: %s", (text) => {
  const found = prints([parseSource("packages/core/src/a.ts", `export {};\n${text}`)]);

  expect(found).toEqual([
    expect.stringMatching("^packages/core/src/a.ts:2 uses .*only packages/cli"),
  ]);
});

it.each([
  ["core", "export function f(console: Console) { console.log('a'); }"],
  ["core", "export const f = (options: Options) => options.console.log('a');"],
  ["core", "export interface Options { readonly console: Pick<Console, 'log'>; }"],
  ["testing", "export const f = () => look('console', console, process.stdout);"],
  ["core", "export {}; // console.log('a')"],
  ["cli", "export {}; console.log('a'); process.stdout.write('b');"],
])("allows in %s: %s", (name, text) => {
  expect(prints([parseSource(`packages/${name}/src/a.ts`, text)])).toEqual([]);
});
