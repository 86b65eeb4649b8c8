import { expect, it } from "vitest";
import { parseSource } from "../support/parse-source.ts";
import { asyncStorages } from "./async-storages.ts";

it.each([
  "const storage = new AsyncLocalStorage<string>();",
  "function make() { return new AsyncLocalStorage(); }",
  "class Pool { readonly #storage = new hooks.AsyncLocalStorage(); }",
])("finds: %s", (text) => {
  const found = asyncStorages([parseSource("packages/core/src/a.ts", `\n${text}`)]);

  expect(found).toEqual(["packages/core/src/a.ts:2 makes an AsyncLocalStorage"]);
});

it("passes over what only uses one", () => {
  const text = "export function read(storage: AsyncLocalStorage<string>) { storage.getStore(); }";

  expect(asyncStorages([parseSource("packages/core/src/a.ts", text)])).toEqual([]);
});
