import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTenancy, memoryRegistry, type Tenant } from "@af-tenancy/core";
import { sqlite } from "@af-tenancy/sqlite";
import { type MigrationPlace, tenantMigrationsContract } from "@af-tenancy/testing";
import { defineEntity, MikroORM, p } from "@mikro-orm/sqlite";
import { migrationOf } from "./migration-of.ts";

tenantMigrationsContract("sqlite", {
  transactionalDdl: true,
  create: () => makePlace("database"),
});

tenantMigrationsContract("sqlite, shared tables", {
  transactionalDdl: true,
  shared: true,
  create: () => makePlace("row"),
  leftOut: { failures: "the same transaction as in a tenant's own file" },
});

function makePlace(strategy: "database" | "row"): MigrationPlace {
  const folder = mkdtempSync(join(tmpdir(), "af-tenancy-migrations-"));
  const closing: (() => Promise<void>)[] = [];
  return {
    async start(list) {
      const properties = { id: p.integer().primary(), text: p.string().nullable() };
      const databases = sqlite({
        ...{ folder, entities: [defineEntity({ name: "Note", properties })] },
        ...{ strategies: [strategy], migrations: list.map(migrationOf) },
      });
      const tenancy = createTenancy({ registry: memoryRegistry(), databases });
      await tenancy.start();
      closing.push(() => tenancy.close());
      return {
        databases,
        query: ({ placement }: Tenant, sql) =>
          query(join(folder, `${strategy === "row" ? "shared" : placement?.name}.sqlite`), sql),
      };
    },
    async remove() {
      for (const close of closing) await close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function query(dbName: string, sql: string): Promise<object[]> {
  const orm = new MikroORM({ dbName, entities: [], discovery: { warnWhenNoEntities: false } });
  try {
    return await orm.em.fork().execute(sql);
  } finally {
    await orm.close();
  }
}
