import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTenancy, memoryRegistry, type Tenant, type TenantRecord } from "@af-tenancy/core";
import { sqlite } from "@af-tenancy/sqlite";
import {
  type SharedTables,
  type SharedTablesManager,
  sharedTablesContract,
  tenantRecord,
} from "@af-tenancy/testing";
import { MikroORM, raw } from "@mikro-orm/sqlite";
import { sharedEntities } from "./shared-entities.ts";

sharedTablesContract("sqlite", { start: startSharedTables, rawSql: "refused" });

async function startSharedTables(): Promise<SharedTables> {
  const folder = mkdtempSync(join(tmpdir(), "af-tenancy-shared-"));
  const entities = sharedEntities();
  const db = sqlite({
    folder,
    entities: Object.values(entities),
    strategies: ["row"],
    global: [entities.Country],
    journalMode: "wal",
  });
  const registry = memoryRegistry();
  const tenancy = createTenancy<TenantRecord>({ registry, databases: db });
  await tenancy.start();

  return {
    entities,
    raw: (sql) => raw(sql) as unknown as string,
    async add() {
      const id = randomUUID();
      const placement = db.place(id, 1);
      const tenant = { ...tenantRecord({ id, slug: `t-${id}` }), placement };
      await db.manager(placement).create({ tenantId: id, placement });
      await db.migrate(tenant);
      await registry.transaction(({ tenants }) => tenants.insert(tenant, []));
      return tenant;
    },
    async drop({ id, placement }: Tenant) {
      if (placement) await db.manager(placement).drop({ tenantId: id, placement });
    },
    run: (tenant, work) =>
      tenancy.run(tenant as TenantRecord, () => work(db.em() as unknown as SharedTablesManager)),
    async admin(sql) {
      const dbName = join(folder, "shared.sqlite");
      const orm = new MikroORM({ dbName, entities: [], discovery: { warnWhenNoEntities: false } });
      try {
        return await orm.em.fork().execute(sql);
      } finally {
        await orm.close();
      }
    },
    async close() {
      await tenancy.close();
      rmSync(folder, { recursive: true });
    },
  };
}
