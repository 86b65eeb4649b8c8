import { expect, it } from "vitest";
import { DraftMap } from "../../src/memory/draft-map.ts";

it("reads its own changes while the table keeps what it had", () => {
  const table = new Map([
    ["a", 1],
    ["b", 2],
  ]);
  const draft = new DraftMap(table);

  draft.set("a", 10);
  draft.delete("b");
  draft.set("c", 3);

  expect([draft.get("a"), draft.get("b"), draft.get("c")]).toEqual([10, undefined, 3]);
  expect([...draft.values()]).toEqual([10, 3]);
  expect([...table.values()]).toEqual([1, 2]);
});

it("writes its changes when it is committed", () => {
  const table = new Map([
    ["a", 1],
    ["b", 2],
  ]);
  const draft = new DraftMap(table);
  draft.set("a", 10);
  draft.delete("b");
  draft.set("c", 3);

  draft.commit();

  expect([...table]).toEqual([
    ["a", 10],
    ["c", 3],
  ]);
});

it("brings back what it had removed itself", () => {
  const table = new Map([["a", 1]]);
  const draft = new DraftMap(table);

  draft.delete("a");
  draft.set("a", 2);
  draft.set("b", 3);
  draft.delete("b");

  expect([...draft.values()]).toEqual([2]);
});
