import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqlite } from "@af-tenancy/sqlite";
import {
  type SharedTables,
  serveSharedTables,
  sharedEntities,
  sharedTablesContract,
  tenantRecord,
} from "@af-tenancy/testing";
import { defineEntity, type EntitySchema, MikroORM, p, raw } from "@mikro-orm/sqlite";
import { expect, it, onTestFinished } from "vitest";

sharedTablesContract("sqlite", { start: startSharedTables, rawSql: "refused" });

it("C023: shares no tables in a tenant's own file, and takes none for it that tenants share", async () => {
  const folder = mkdtempSync(join(tmpdir(), "af-tenancy-shared-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const entities = [defineEntity({ name: "Page", properties: { id: p.integer().primary() } })];
  const own = sqlite({ folder, entities });
  const rows = sqlite({ folder, entities, strategies: ["row", "database"], sharedName: "taken" });
  const [acme, globex] = [own.place("acme", 1, { name: "taken" }), rows.place("globex", 1)];
  await own.manager(acme).create({ tenantId: "acme", placement: acme });

  const served = await serveSharedTables(rows);
  onTestFinished(() => served.close());
  const tenant = tenantRecord({ id: "globex", slug: "globex", placement: globex });

  const shared = rows.manager(globex).create({ tenantId: "globex", placement: globex });
  await expect(shared).rejects.toMatchObject({ code: "DATABASE_OWNED" });
  const read = served.run(tenant, (em) => em.find(entities[0], {}));
  await expect(read).rejects.toMatchObject({ code: "DATABASE_MISMATCH" });
  expect(() => rows.place("initech", 1, acme)).toThrow("shared file's");
});

async function startSharedTables(): Promise<SharedTables> {
  const folder = mkdtempSync(join(tmpdir(), "af-tenancy-shared-"));
  const entities = sharedEntities<EntitySchema>({ defineEntity, p } as never);
  const served = await serveSharedTables(
    sqlite({
      folder,
      entities: Object.values(entities),
      strategies: ["row"],
      global: [entities.Country],
      journalMode: "wal",
    }),
  );

  return {
    ...{ ...served, entities },
    raw: (sql) => raw(sql) as unknown as string,
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
      await served.close();
      rmSync(folder, { recursive: true });
    },
  };
}
