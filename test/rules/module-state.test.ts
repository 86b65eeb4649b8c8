import { expect, it } from "vitest";
import { parseSource } from "../support/parse-source.ts";
import { moduleState } from "./module-state.ts";

it.each([
  `let count = 0;`,
  `var count = 0;`,
  `export let current: string | undefined;`,
  `if (true) { let count = 0; }`,
  `const cache = new Map<string, string>();`,
  `const seen: Set<string> = new Set();`,
  `const owners = new WeakMap();`,
  `const owners: ReadonlyMap<object, string> = new WeakMap();`,
  `const brands = new WeakSet();`,
  `const list = new Array(3);`,
  `const storage = new AsyncLocalStorage();`,
  `const bus = new EventEmitter();`,
  `const state = { cache: new Map() };`,
  `const state = Object.freeze({ cache: new Map() });`,
  `const cache = (() => new Map())();`,
  `class Pool extends poolOf(new Map()) {}`,
  `class Pool { static count = 0; }`,
  `class Pool { static readonly #open = new Set(); }`,
  `class Pool { static { this.prototype; new Map(); } }`,
])("refuses: %s", (text) => {
  const found = moduleState([parseSource("packages/core/src/a.ts", `\n${text}`)]);

  expect(found).toEqual([expect.stringMatching("^packages/core/src/a.ts:2 (declares|makes)")]);
});

it.each([
  `const reserved: ReadonlySet<string> = new Set(["www"]);`,
  `const statuses = new Map([["a", 1]]) as ReadonlyMap<string, number>;`,
  `const holes: readonly number[] = new Array(3);`,
  `class Pool { static readonly names: ReadonlySet<string> = new Set(); }`,
  `const drivers = ["sqlite"] as const;`,
  `const defaults = Object.freeze({ grace: 5_000 });`,
  `const host = new RegExp("^a$", "u");`,
  `const bytes = new TextEncoder();`,
  `const names = new Intl.Collator("en");`,
  `const make = () => new Map();`,
  `function count() { let n = 0; return n; }`,
  `class Pool { readonly #open = new Map(); size = 0; }`,
  `const pool = { open() { return new Map(); } };`,
  `declare let injected: string;`,
  `type Cache = Map<string, string>;`,
  `for (const name of ["a"]) check(name);`,
  `// let count = 0;`,
])("allows: %s", (text) => {
  expect(moduleState([parseSource("packages/core/src/a.ts", text)])).toEqual([]);
});
