import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqlite } from "@af-tenancy/sqlite";
import {
  type SharedTables,
  serveSharedTables,
  sharedEntities,
  sharedTablesContract,
} from "@af-tenancy/testing";
import { defineEntity, type EntitySchema, MikroORM, p, raw } from "@mikro-orm/sqlite";

sharedTablesContract("sqlite", { start: startSharedTables, rawSql: "refused" });

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
