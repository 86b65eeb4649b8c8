import { randomUUID } from "node:crypto";
import type { TenantDatabase } from "@af-tenancy/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeManager, placementOf } from "./managers.ts";
import { asAdmin, uniqueName, withServer } from "./server.ts";

describe.skipIf(withServer !== "")(
  `adopting a database or schema${withServer}`,
  { timeout: 30_000 },
  () => {
    it("F058: does not adopt the application's own database", async () => {
      const database = uniqueName("central");
      await asAdmin(`create database "${database}"`);
      onTestFinished(async () => void (await asAdmin(`drop database "${database}"`)));
      const manager = makeManager({ connection: { database } });

      await expect(manager.adopt?.(databaseNamed("database", database))).rejects.toMatchObject({
        code: "DATABASE_OWNED",
      });
    });

    it.each(["physical_databases", "_tenancy_owner"])(
      "F058: adopts no schema with a table %s of somebody else",
      async (table) => {
        const manager = makeManager();
        const database = databaseNamed("schema", uniqueName("theirs"));
        const { name } = database.placement;
        await asAdmin(`create schema "${name}"; create table "${name}"."${table}" (whose text)`);
        onTestFinished(async () => void (await asAdmin(`drop schema "${name}" cascade`)));

        await expect(manager.adopt?.(database)).rejects.toMatchObject({ code: "DATABASE_OWNED" });

        expect((await manager.inspect(database))?.owner).toBeUndefined();
      },
    );

    it("F059: says in a comment whose an adopted database is, as it may be dropped by half", async () => {
      const manager = makeManager();
      const database = databaseNamed("database", uniqueName("old"));
      await asAdmin(`create database "${database.placement.name}"`);
      onTestFinished(() => manager.drop(withGeneration(database, 2)));

      await manager.adopt?.(database);
      await manager.adopt?.(withGeneration(database, 2));

      const [found] = await asAdmin<{ comment: string }>(
        "select shobj_description(oid, 'pg_database') as comment from pg_database " +
          `where datname = '${database.placement.name}'`,
      );
      expect(found?.comment).toBe(`af-tenancy: ["${database.tenantId}",2]`);
    });

    it("adopts nothing where tenants have users, who would own none of the tables", () => {
      expect(makeManager({ users: true }).adopt).toBeUndefined();
    });
  },
);

function databaseNamed(strategy: "database" | "schema", name: string): TenantDatabase {
  const tenantId = randomUUID();
  return { tenantId, placement: placementOf(strategy, false, tenantId, 1, name) };
}

function withGeneration({ tenantId, placement }: TenantDatabase, generation: number) {
  return { tenantId, placement: { ...placement, generation } };
}
