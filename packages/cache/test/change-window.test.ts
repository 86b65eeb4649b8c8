import { expect, it } from "vitest";
import { ChangeWindow } from "../src/change-window.ts";

it("says when a key changed, by every name that the change tells", () => {
  const window = new ChangeWindow(10);
  window.record(change(7, "acme", { slugs: ["acme", "old"], domains: ["acme.test"] }));
  window.record(change(8, "globex", { slugs: "no list", domains: [1, "globex.test"] }));

  const keys = [
    "id:acme",
    "slug:acme",
    "slug:old",
    "domain:acme.test",
    "id:globex",
    "domain:globex.test",
  ];
  expect(keys.map((key) => window.changedAt(key))).toEqual([7, 7, 7, 7, 8, 8]);
  expect([window.changedAt("slug:globex"), window.changedAt("domain:acme")]).toEqual([0, 0]);
  expect(window.highest).toBe(8);
});

it("takes nothing for fresh that it has forgotten", () => {
  const window = new ChangeWindow(2);

  for (const sequence of [1, 2, 3, 4]) window.record(change(sequence, `tenant-${sequence}`, null));

  expect(window.changedAt("id:tenant-4")).toBe(4);
  expect(window.changedAt("id:tenant-1")).toBe(2);
  expect(window.changedAt("id:never")).toBe(2);
});

it("remembers the latest change of a key, in whatever order they are told, and twice", () => {
  const window = new ChangeWindow(10);

  for (const sequence of [9, 5, 9, 7]) window.record(change(sequence, "acme", null));

  expect(window.changedAt("id:acme")).toBe(9);
  expect(window.highest).toBe(9);
});

it("begins anew where it is told to", () => {
  const window = new ChangeWindow(10);
  window.record(change(9, "acme", null));

  window.beginAt(4);

  expect([window.changedAt("id:acme"), window.changedAt("id:globex"), window.highest]).toEqual([
    4, 4, 4,
  ]);
});

function change(sequence: number, tenantId: string, payload: never | object | null) {
  return { sequence, type: "tenant.updated", tenantId, version: 1, payload: payload as null };
}
