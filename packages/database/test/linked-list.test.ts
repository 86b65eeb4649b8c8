import { expect, it } from "vitest";
import { LinkedList, type Listed } from "../src/connection/linked-list.ts";

interface Item extends Listed<Item> {
  readonly name: string;
}

function listOf(...names: readonly string[]): {
  list: LinkedList<Item>;
  items: readonly Item[];
} {
  const list = new LinkedList<Item>();
  const items = names.map((name) => ({ name, previous: undefined, next: undefined }));
  for (const item of items) list.add(item);
  return { list, items };
}

const namesIn = (list: LinkedList<Item>) => [...list].map(({ name }) => name);

it.each([
  ["the first", 0, ["b", "c"]],
  ["one in the middle", 1, ["a", "c"]],
  ["the last", 2, ["a", "b"]],
] as const)("keeps the order when %s leaves", (_, index, left) => {
  const { list, items } = listOf("a", "b", "c");
  const gone = items[index] as Item;

  expect(list.delete(gone)).toBe(true);
  expect(list.delete(gone)).toBe(false);

  expect([namesIn(list), list.size, list.first?.name]).toEqual([left, 2, left[0]]);
  expect([gone.previous, gone.next, list.has(gone)]).toEqual([undefined, undefined, false]);

  list.add(gone);
  expect(namesIn(list)).toEqual([...left, gone.name]);
});

it("can be emptied and filled again", () => {
  const { list, items } = listOf("a", "b");

  for (const item of items) list.delete(item);
  expect([namesIn(list), list.size, list.first]).toEqual([[], 0, undefined]);

  for (const item of [...items].reverse()) list.add(item);
  expect(namesIn(list)).toEqual(["b", "a"]);
});

it("goes on from one that leaves while it is looked at", () => {
  const { list } = listOf("a", "b", "c");
  const seen: string[] = [];

  for (const item of list) {
    seen.push(item.name);
    list.delete(item);
  }

  expect(seen).toEqual(["a", "b", "c"]);
  expect(list.size).toBe(0);
});
