import { defineEntity, p } from "@mikro-orm/mariadb";
import { describe, expect, it } from "vitest";
import { Note } from "./entities.ts";
import { startSite } from "./fleet.ts";
import { missing, noteDatabase } from "./server.ts";

describe.skipIf(missing)("the application's central database", () => {
  it("S026: is reached from anywhere, on the connections that tenants have too", async () => {
    const database = await noteDatabase("central");
    const Plan = defineEntity({ name: "Plan", properties: { id: p.integer().primary() } });
    const { db, tenancy, add } = await startSite({
      maxConnections: 2,
      central: { database, entities: [Plan] },
    });
    const acme = await add("acme");

    await tenancy.run(acme, () =>
      db.em().transactional(async (em) => {
        await em.insert(Note, { id: 1, text: "acme" });
        await db.central().insert(Plan, { id: 1 });
        expect(db.central().isInTransaction()).toBe(false);
        const [row] = await em.execute<{ name: string }[]>("select database() as name");
        expect(row?.name).toBe(acme.placement.name);
      }),
    );

    expect(await tenancy.central(() => db.central().count(Plan))).toBe(1);
    const [row] = await db.central().execute<{ name: string }[]>("select database() as name");
    expect(row?.name).toBe(database);
  });

  it("C023: is no tenant's database", async () => {
    const { add } = await startSite();
    const { placement } = await add("acme");
    const Plan = defineEntity({ name: "Plan", properties: { id: p.integer().primary() } });

    const started = startSite({ central: { database: placement.name, entities: [Plan] } });

    await expect(started).rejects.toMatchObject({ code: "DATABASE_MISMATCH" });
  });
});
