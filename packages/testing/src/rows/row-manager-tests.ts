import { randomUUID } from "node:crypto";
import { isTenancyError, type TenantDatabase } from "@af-tenancy/core";
import { expect, it, onTestFinished } from "vitest";
import { databaseManagerContract } from "../databases/database-manager-contract.ts";
import { tenantRecord } from "../fixtures/tenant-record.ts";
import type { SharedTables } from "./shared-tables-harness.ts";

/** Checks that what makes and removes tenants' rows does it as every manager of databases must. */
export function rowManagerTests(name: string, started: () => SharedTables): void {
  databaseManagerContract(`${name}, shared tables`, {
    create: () => started().databases.manager(place(started(), randomUUID(), 1)),
    place: (tenantId, generation) => place(started(), tenantId, generation),
    rows: {
      async write(database, id, text) {
        await started().databases.migrate(tenantOf(database));
        const { entities, run } = started();
        await run(tenantOf(database), (em) => em.upsert(entities.Note, { id, text }));
      },
      async read(database, id) {
        await started().databases.migrate(tenantOf(database));
        const { entities, run } = started();
        const note = await run(tenantOf(database), (em) => em.fork().findOne(entities.Note, id));
        return note === null ? undefined : String(note.text);
      },
    },
    leftOut: {
      "unmarked databases":
        "a tenant in shared tables is its marker; what the tables stand in is looked at below",
    },
  });

  it("F061: leaves no row of an older generation to a newer one", async () => {
    const { databases, entities, run } = started();
    const tenantId = randomUUID();
    const [older, newer] = [1, 2].map((generation) => ({
      tenantId,
      placement: place(started(), tenantId, generation),
    })) as [TenantDatabase, TenantDatabase];
    const manager = databases.manager(older.placement);
    onTestFinished(() => manager.drop(newer));
    await manager.create(older);
    await databases.migrate(tenantOf(older));
    await run(tenantOf(older), (em) => em.insert(entities.Note, { id: 1, text: "older" }));

    await expect(manager.create(newer)).rejects.toMatchObject({ code: "DATABASE_OWNED" });
    await manager.drop(older);
    await manager.create(newer);

    expect(await run(tenantOf(newer), (em) => em.count(entities.Note))).toBe(0);
    const stale = run(tenantOf(older), (em) => em.fork().find(entities.Note, {}));
    await expect(stale).rejects.toMatchObject({ code: "DATABASE_MISMATCH" });
  });

  it.each(["quo'te", "back\\slash", "", "x".repeat(65), "nul\0", "semi;colon"])(
    "C035: refuses the tenant id %j",
    async (tenantId) => {
      const { databases } = started();
      const placement = place(started(), randomUUID(), 1);
      const manager = databases.manager(placement);

      for (const method of ["create", "drop", "inspect"] as const) {
        const refused = await manager[method]({ tenantId, placement }).catch((error) => error);
        expect(isTenancyError(refused), `${method}: ${String(refused)}`).toBe(true);
      }
    },
  );

  it.each(["quo'te", "' or '1' = '1", "a/b", ""])(
    "C035: opens no rows under the name %j",
    async (name) => {
      const { add, entities, run } = started();
      const acme = await add();
      const placement = { ...(acme.placement as TenantDatabase["placement"]), name };

      const find = async () => run({ ...acme, placement }, (em) => em.find(entities.Note, {}));

      await expect(find()).rejects.toMatchObject({ code: "INVALID_INPUT" });
    },
  );

  it("C024: opens no rows for a tenant whose marker is not there, or another's", async () => {
    const { add, databases, entities, run } = started();
    const acme = await add();
    const globex = await add();
    const placed = (placement: TenantDatabase["placement"]) => ({ ...acme, placement });
    const absent = placed(place(started(), randomUUID(), 1));
    const theirs = placed(globex.placement as TenantDatabase["placement"]);

    for (const tenant of [absent, theirs]) {
      const found = run(tenant, (em) => em.find(entities.Note, {}));
      await expect(found).rejects.toMatchObject({ code: "DATABASE_MISMATCH" });
      await expect(databases.migrate(tenant)).rejects.toMatchObject({ code: "DATABASE_MISMATCH" });
    }
  });
}

function place({ databases }: SharedTables, tenantId: string, generation: number) {
  return databases.place(tenantId, generation, { strategy: "row" });
}

function tenantOf({ tenantId, placement }: TenantDatabase) {
  return tenantRecord({ id: tenantId, slug: `t-${tenantId}`, placement });
}
