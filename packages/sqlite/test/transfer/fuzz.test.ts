import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { isTenancyError } from "@af-tenancy/core";
import { testScale } from "@af-tenancy/testing";
import fc from "fast-check";
import { expect, it, onTestFinished } from "vitest";
import { startData } from "./start-data.ts";

const nasty = [
  ..."'=+-@\t\r\n\",;\ufeff\uff1d é😀",
  "\r\n",
  '""',
  "'=",
  "''@",
  "-1",
  "-1.5",
  "null",
  "{}",
];
const cell = fc.array(fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: "grapheme" })), {
  maxLength: 6,
});
const storable = cell
  .map((parts) => parts.join(""))
  .filter((one) => !one.includes("\0") && one.isWellFormed() && one.length < 200);

it("F128: gives back any text by CSV, however it is cut into pieces", async () => {
  const site = await startData("database");
  onTestFinished(site.close);
  const { db, tenancy, entities } = site;
  const [acme, globex] = [(await site.add()) as never, (await site.add()) as never];
  const rows = fc.array(fc.record({ name: storable, note: fc.option(storable) }), { maxLength: 8 });

  await fc.assert(
    fc.asyncProperty(rows, fc.integer({ min: 1, max: 50 }), async (given, size) => {
      const papers = given.map(({ name, note }, id) => ({ id, title: name, note }));
      for (const tenant of [acme, globex]) {
        await tenancy.run(tenant, () => db.em().nativeDelete(entities.Paper, {}));
      }
      await tenancy.run(acme, () => db.em().insertMany(entities.Paper, papers as never));
      const exported = await exportedBy(site, acme);
      const bytes = Buffer.from(exported);
      const from = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );

      await tenancy.run(globex, () => db.data.import({ format: "csv", entity: "Paper", from }));

      expect(await exportedBy(site, globex)).toBe(exported);
      const found = await tenancy.run(globex, () =>
        db
          .em()
          .fork()
          .find(entities.Paper, {}, { populate: ["note"], orderBy: { id: 1 } } as never),
      );
      expect(
        (found as { title: string; note: string | null }[]).map(({ title, note }) => ({
          title,
          note,
        })),
      ).toEqual(papers.map(({ title, note }) => ({ title, note })));
    }),
    { numRuns: Math.ceil(300 * testScale()), verbose: 1 },
  );
});

it("F128: takes no file for another tenant's and fails by typed errors only, whatever stands in it", async () => {
  const site = await startData("row");
  onTestFinished(site.close);
  const { db, tenancy } = site;
  const [acme, globex] = [(await site.add()) as never, (await site.add()) as never];
  const tenantId = (acme as { id: string }).id;
  const words = [
    "id",
    "name",
    "tenant_id",
    tenantId,
    "1",
    '"',
    ",",
    "\r\n",
    "\n",
    "'",
    "=",
    "parent",
    "\\",
    "{",
    "}",
    ":",
    '{"entity":"Folder","row":{"id":1,"name":"a","tenant_id":"',
    '"}}',
  ];
  const bytes = fc.oneof(
    fc
      .array(fc.constantFrom(...words), { maxLength: 30 })
      .map((parts) => Buffer.from(`id,name,tenant_id\n${parts.join("")}`)),
    fc
      .array(fc.constantFrom(...words), { maxLength: 30 })
      .map((parts) => Buffer.from(parts.join(""))),
    fc.uint8Array({ maxLength: 60 }).map((some) => Buffer.from(some)),
  );
  const before = await exportedBy(site, acme, "Folder");

  await fc.assert(
    fc.asyncProperty(bytes, fc.constantFrom("csv", "jsonl"), async (content, format) => {
      const options = {
        format,
        entity: "Folder",
        from: [content],
        onInvalid: "skip",
        onConflict: "skip",
      } as const;
      try {
        await tenancy.run(globex, () => db.data.import(options as never));
      } catch (error) {
        if (!isTenancyError(error)) throw error;
        expect(["DATA_FORMAT", "DATA_LIMIT"]).toContain(error.code);
      }
    }),
    { numRuns: Math.ceil(1_000 * testScale()), verbose: 1 },
  );

  expect(await exportedBy(site, acme, "Folder")).toBe(before);
});

async function exportedBy(
  site: Awaited<ReturnType<typeof startData>>,
  tenant: never,
  entity = "Paper",
) {
  const to = new PassThrough();
  const exporting = site.tenancy.run(tenant, () =>
    site.db.data.export({ format: "csv", entities: [entity], to }),
  );
  const [found] = await Promise.all([text(to), exporting]);
  return found;
}
