import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createTenancy, type TenantRecord } from "@af-tenancy/core";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { defineEntity, p } from "@mikro-orm/sqlite";
import { expect, it } from "vitest";
import { provisioning } from "../../src/index.ts";
import { withFolder } from "../crash/with-folder.ts";

it("C117, C118: a missing database stops the seeding, or all others are seeded; central tables stay", () =>
  withFolder(async (folder) => {
    const first = await start(folder);
    const made: TenantRecord[] = [];
    for (const slug of ["acme", "globex", "initech"]) {
      made.push(await first.tenancy.tenants.create({ slug }));
    }
    await first.tenancy.close();
    const [acme, globex, initech] = made as [TenantRecord, TenantRecord, TenantRecord];
    await rm(join(folder, "tenants", `${globex.placement?.name}.sqlite`));
    const { tenancy, texts, central } = await start(folder);
    const { seeding } = tenancy.tenants;

    const stopped = await seeding.run({ concurrency: 1 });
    const after = [await texts(acme), await texts(initech)];
    const skipped = await seeding.run({ onFailure: "skip" });

    expect(stopped).toMatchObject({
      verdict: "failed",
      counts: { done: 1, failed: 1, waiting: 1 },
      tenants: [{ tenantId: acme.id }, { failure: { code: "DATABASE_NOT_READY" } }],
    });
    expect(after).toEqual([["acme"], []]);
    expect(skipped).toMatchObject({ verdict: "failed", counts: { done: 2, failed: 1 } });
    expect([await texts(acme), await texts(initech)]).toEqual([["acme"], ["initech"]]);
    expect(await central()).toEqual([]);
    await tenancy.close();
  }));

async function start(folder: string) {
  const properties = { id: p.integer().primary(), text: p.string() };
  const Note = defineEntity({ name: "Note", properties });
  const Central = defineEntity({ name: "Central", tableName: "note", properties });
  const db = sqlite({
    ...{ folder: join(folder, "tenants"), entities: [Note] },
    central: { file: join(folder, "central.sqlite"), entities: [Central] },
    seeders: {
      notes: async ({ em, tenant }) => em.insert(Note, { id: 1, text: tenant.slug }),
    },
  });
  const registry = sqliteRegistry({ file: join(folder, "registry.sqlite") });
  const tenancy = createTenancy({ registry, databases: db, provisioning: provisioning() });
  await tenancy.start();
  return {
    tenancy,
    central: () => db.central().find(Central, {}),
    texts: (tenant: TenantRecord) =>
      tenancy.run(tenant, async () => (await db.em().find(Note, {})).map(({ text }) => text)),
  };
}
