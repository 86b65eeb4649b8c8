import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { createTenancy, memoryRegistry, type Placement, type TenantRecord } from "@af-tenancy/core";
import { tenantDatabases } from "@af-tenancy/database";
import { mysql } from "@af-tenancy/mysql";
import { postgresql } from "@af-tenancy/postgresql";
import { sqlite } from "@af-tenancy/sqlite";
import { dataEntities, tenantRecord } from "@af-tenancy/testing";
import { defineEntity, type EntitySchema, p } from "@mikro-orm/sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { mysqlServer, postgresqlServer, serversAreMissing } from "./fleet-servers.ts";

const missing = (await serversAreMissing()) ? " (skipped: a database server does not answer)" : "";

/** One of every kind of value, as an export writes it. */
const lines = [
  { entity: "Folder", row: { id: 1, name: "acme" } },
  { entity: "Folder", row: { id: 2, name: "=b" } },
  { entity: "Label", row: { code: "x", title: 'a "X", and\r\nmore' } },
  {
    entity: "Paper",
    row: {
      ...{ id: 1, title: "'=1+1", note: "-2+3\n", secret: "ü😀", views: "4611686018427387905" },
      ...{ price: "-12345678901.1234", ratio: 0.1, done: true, at: "2026-01-31T12:00:00.000Z" },
      ...{ day: "2026-02-28", more: { a: [1, "x", null], b: "=c" }, bytes: "AP8B" },
      ...{ words: ["a", "b"], kind: "final", folder: 2 },
    },
  },
  { entity: "Page", row: { paper: 1, number: 1, text: "" } },
  { entity: "Folder", link: { id: 2, parent: 1 } },
].map((line) => `${JSON.stringify(line)}\n`);

describe.skipIf(missing !== "")(`data of a fleet on all drivers${missing}`, () => {
  it("S038: goes from driver to driver and back with every value as it was", async () => {
    const { db, tenancy, add } = await startMixed();
    const first = await add({ driver: "sqlite" });
    await tenancy.run(first, () => db.data.import({ format: "jsonl", from: lines }));
    const linesOf = async (tenant: TenantRecord) => {
      const to = new PassThrough();
      const exported = tenancy.run(tenant, () => db.data.export({ format: "jsonl", to }));
      const [found] = await Promise.all([text(to), exported]);
      return found;
    };
    const expected = await linesOf(first);

    const way = ["postgresql", "mysql", "sqlite", "mysql", "postgresql"];
    const seen: string[] = [];
    let from = first;
    for (const driver of way) {
      const to = await add({ driver });
      await db.data.copy({ from, to });
      seen.push(await linesOf(to));
      from = to;
    }

    expect(expected.split("\n")).toHaveLength(lines.length + 1);
    expect(seen).toEqual(way.map(() => expected));
  });
});

async function startMixed() {
  const folder = mkdtempSync(join(tmpdir(), "mixed-data-"));
  const entities = () => ({ ...dataEntities<EntitySchema>({ defineEntity, p } as never) });
  const db = tenantDatabases([
    sqlite({ folder, entities }),
    postgresql({ connection: postgresqlServer, entities }),
    mysql({ connection: mysqlServer, flavour: "mariadb", entities }),
  ]);
  const tenancy = createTenancy<TenantRecord>({ registry: memoryRegistry(), databases: db });
  await tenancy.start();
  onTestFinished(async () => {
    await tenancy.close();
    rmSync(folder, { recursive: true });
  });
  async function add(wish: Partial<Placement>): Promise<TenantRecord> {
    const tenantId = `mixed_${randomBytes(6).toString("hex")}`;
    const placement = db.place(tenantId, 1, wish);
    const tenant = { ...tenantRecord({ id: tenantId, slug: tenantId }), placement };
    onTestFinished(() => db.manager(placement).drop({ tenantId, placement }));
    await db.manager(placement).create({ tenantId, placement });
    await db.migrate(tenant);
    return tenant;
  }
  return { db, tenancy, add };
}
