import { PassThrough } from "node:stream";
import { InvalidInputError, type Tenant } from "@af-tenancy/core";
import { beforeAll, expect, it } from "vitest";
import { startData } from "./start-data.ts";

const sink = () => new PassThrough().resume();
const row = '{"entity":"Folder","row":{"id":1,"name":"a"}}\n';

const wrongAnywhere: readonly (readonly [field: string, options: object])[] = [
  ["options", { dryrun: true }],
  ["options", { onconflict: "skip" }],
  ["entities", { entities: "Folder" }],
  ["entities", { entities: [undefined] }],
  ["entities", { entities: ["Nobody"] }],
  ["maxRows", { maxRows: 0 }],
  ["signal", { signal: {} }],
  ["onProgress", { onProgress: 5 }],
];

const wrongSelection: typeof wrongAnywhere = [
  ["where", { where: { folder: { name: "public" } } }],
  ["where", { where: { Nobody: {} } }],
  ["where", { entities: ["Label"], where: { Folder: { name: "public" } } }],
  ["where", { where: "Folder" }],
  ["where.Folder", { where: { Folder: undefined } }],
  ["where.Folder", { where: { Folder: { name: undefined } } }],
  ["where.Folder", { where: { Folder: { $or: [{ name: undefined }] } } }],
  ["where.Folder", { where: { Folder: { nope: 1 } } }],
  ["where.Folder", { where: { Folder: { $and: [{ parent: { nope: 1 } }] } } }],
];

const wrongLoad: typeof wrongAnywhere = [
  ["onConflict", { onConflict: "ignore" }],
  ["onConflict", { onConflict: ["skip"] }],
  ["onInvalid", { onInvalid: null }],
  ["onIssue", { onIssue: 5 }],
  ["batch", { batch: "10" }],
];

const wrongExports: typeof wrongAnywhere = [
  ...[...wrongAnywhere, ...wrongSelection],
  ["format", { format: "xml" }],
  ["format", { format: undefined }],
  ["to", { to: undefined }],
  ["to", { to: "file.txt" }],
  ["options", { entity: "Folder" }],
  ["snapshot", { snapshot: "no" }],
];

const wrongImports: typeof wrongAnywhere = [
  ...[...wrongAnywhere, ...wrongLoad],
  ["dryRun", { dryRun: "false" }],
  ["atomic", { atomic: "no" }],
  ["validate", { validate: "yes" }],
  ["entity", { entity: 5 }],
  ["from", { from: undefined }],
  ["from", { from: row }],
  ["from", { from: Buffer.from(row) }],
  ["from", { from: [5] }],
  ["from", { from: [{}] }],
  ["maxLineBytes", { maxLineBytes: -1 }],
];

const wrongCopies: typeof wrongAnywhere = [
  ...[...wrongAnywhere, ...wrongSelection, ...wrongLoad],
  ["from", { from: undefined }],
  ["to", { to: undefined }],
  ["to", { to: "globex" }],
  ["to", { to: { by: "slug", value: "globex" } }],
];

const started: Awaited<ReturnType<typeof startData>>[] = [];
beforeAll(async () => {
  const site = await startData("row");
  started.push(site);
  return () => site.close();
});

it.each(wrongExports)("refuses a wrong %s of an export: %o", async (field, options) => {
  const { db, tenancy, acme } = await subject();

  const exported = tenancy.run(acme, () =>
    db.data.export({ format: "jsonl", to: sink(), ...options } as never),
  );

  await expect(exported).rejects.toThrow(InvalidInputError);
  await expect(exported).rejects.toThrow(`"${field}"`);
});

it.each(wrongImports)("refuses a wrong %s of an import: %o", async (field, options) => {
  const { db, tenancy, acme, count } = await subject();

  const imported = tenancy.run(acme, () =>
    db.data.import({ format: "jsonl", from: [row], ...options } as never),
  );

  await expect(imported).rejects.toThrow(InvalidInputError);
  await expect(imported).rejects.toThrow(`"${field}"`);
  expect(await count(acme)).toBe(0);
});

it.each(wrongCopies)("refuses a wrong %s of a copy: %o", async (field, options) => {
  const { db, tenancy, acme, globex, count } = await subject();
  await tenancy.run(acme, () => db.data.import({ format: "jsonl", from: [row] }));

  const copied = db.data.copy({ from: acme, to: globex, ...options } as never);

  await expect(copied).rejects.toThrow(InvalidInputError);
  await expect(copied).rejects.toThrow(`"${field}"`);
  expect(await count(globex)).toBe(0);
});

it("refuses calls without options", async () => {
  const { db, tenancy, acme } = await subject();
  const data = db.data as unknown as Record<"export" | "import" | "copy", () => Promise<unknown>>;

  for (const name of ["export", "import", "copy"] as const) {
    await expect(tenancy.run(acme, () => data[name]())).rejects.toThrow(InvalidInputError);
  }
});

it("ends a stream whose export is refused for what it selects", async () => {
  const { db, tenancy, acme } = await subject();
  const to = sink().on("error", () => undefined);

  const exported = tenancy.run(acme, () =>
    db.data.export({ format: "jsonl", to, where: { Nobody: {} } }),
  );

  await expect(exported).rejects.toThrow(InvalidInputError);
  expect(to.destroyed).toBe(true);
});

async function subject() {
  const { db, tenancy, add, entities } = started[0] as Awaited<ReturnType<typeof startData>>;
  const [acme, globex] = [(await add()) as never, (await add()) as never];
  const count = (tenant: Tenant) =>
    tenancy.run(tenant as never, () => db.em().count(entities.Folder));
  return { db, tenancy, acme, globex, count };
}
