import type { DataManager, DataSite } from "./tenant-data-harness.ts";

/** Puts a row with every kind of value, and ones that refer to it, into a tenant. */
export async function insertSamples(
  em: DataManager,
  { entities: { Folder, Label, Paper, Page } }: DataSite,
  slug: string,
): Promise<void> {
  await em.insertMany(Folder, [
    { id: 1, name: slug, parent: null },
    { id: 2, name: "=b", parent: 1 },
  ]);
  await em.insertMany(Label, [
    { code: "x", title: `${slug} "X", and\r\nmore` },
    { code: "", title: "" },
  ]);
  await em.insert(Paper, {
    ...{ id: 1, title: "'=1+1", note: "-2+3\n", secret: "\ufeffü😀", done: true, kind: "final" },
    ...{ views: 2n ** 62n + 1n, price: "-12345678901.1234", ratio: 0.1, day: "2026-02-28" },
    ...{ at: new Date("2026-01-31T12:00:00.000Z"), more: { a: [1, "x", null], b: "=c" } },
    ...{ bytes: Buffer.from([0, 255, 1]), words: ["a", "b"], folder: 2 },
  });
  await em.insert(Paper, { id: 2, title: "" });
  await em.insertMany(Page, [
    { paper: 1, number: 1, text: slug },
    { paper: 1, number: 2, text: "" },
  ]);
}
