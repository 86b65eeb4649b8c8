import { expect, it } from "vitest";
import { parseSource } from "../support/parse-source.ts";
import { moduleWrites } from "./module-writes.ts";

it.each([
  ["const state = {}; function f() { state.tenant = 1; }", "state"],
  ["const state = {}; const f = () => { state['tenant'] ??= 1; };", "state"],
  ["const state = { n: 0 }; const f = () => state.n++;", "state"],
  ["const state = { n: 0 }; const f = () => --state.n;", "state"],
  ["const state = { a: {} }; const f = () => delete state.a.b;", "state"],
  ["const state = {} as X; const f = () => { (state as Y)!.tenant = 1; };", "state"],
  ["const state = []; const f = (x) => { [state[0]] = x; };", "state"],
  ["const state = {}; const f = (x) => { ({ a: state.b } = x); };", "state"],
  ["const queue = []; const f = () => queue.push(1);", "queue"],
  ["const queue = { waiting: [] }; const f = () => queue.waiting.sort();", "queue"],
  ["const seen: ReadonlySet<string> = new Set(); const f = () => (seen as Set).add('a');", "seen"],
  ["const cache = make(); const f = () => cache.set('a', 1);", "cache"],
  ["const cache = make(); const f = () => cache.clear();", "cache"],
  ["const state = {}; const f = () => Object.assign(state, { a: 1 });", "state"],
  ["const state = {}; const f = () => Reflect.set(state, 'a', 1);", "state"],
  ["function next() { next.count += 1; }", "next"],
  ["class Pool { open() { Pool.count = 1; } }", "Pool"],
  ["import { state } from './b.ts'; const f = () => { state.a = 1; };", "state"],
  ["import { cache } from './b.ts'; const f = () => cache.delete('a');", "cache"],
  ["import { Agent } from 'library'; Agent.defaults = {};", "Agent"],
  ["globalThis.tenant = 1;", "globalThis"],
  ["(globalThis as Holder)[key] ??= {};", "globalThis"],
  ["Object.defineProperty(Promise.prototype, 'then', {});", "Promise"],
  ["Object.defineProperty(globalThis, slot, {});", "globalThis"],
  ["process.env.TZ = 'UTC';", "process"],
  ["delete process.env['TZ'];", "process"],
  ["const f = () => { Date.now = () => 0; };", "Date"],
])("refuses: %s", (text, name) => {
  const found = moduleWrites([parseSource("packages/core/src/a.ts", `export {};\n${text}`)]);

  expect(found).toEqual([
    expect.stringMatching(`^packages/core/src/a.ts:2 changes "${name}", which belongs to`),
  ]);
});

it.each([
  "const f = () => { const holder = globalThis as Holder; holder[key] = 1; };",
  "const f = (holder = globalThis) => { holder[key] = 1; };",
  "const f = () => { return globalThis; };",
  "const holder = global;",
])("refuses an alias of the global object: %s", (text) => {
  const found = moduleWrites([parseSource("packages/core/src/a.ts", text)]);

  expect(found).toEqual([expect.stringContaining('a.ts:1 gives "globalThis" another name')]);
});

it.each([
  "const state = {}; function f(state) { state.a = 1; }",
  "const list = []; function f() { const list = []; list.push(1); return list; }",
  "class Pool { #open = new Map(); add(a) { this.#open.set(a, 1); this.size = 1; } }",
  "const copy = (a) => Object.assign({}, a);",
  "const limits = { grace: 5 }; const f = () => limits.grace + 1;",
  "const names = ['a']; const f = () => names.toSorted().map((name) => name);",
  "import { channel } from 'node:diagnostics_channel'; const f = (a) => channel.add(a);",
  "const uuid = () => globalThis.crypto.randomUUID();",
  "const globals = () => Object.keys(globalThis);",
  "type Holder = typeof globalThis;",
])("allows: %s", (text) => {
  const file = parseSource("packages/core/src/a.ts", `export {};\n${text}`);

  expect(moduleWrites([file])).toEqual([]);
});
