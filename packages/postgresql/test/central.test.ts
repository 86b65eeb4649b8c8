import { defineEntity, p } from "@mikro-orm/postgresql";
import { describe, expect, it, onTestFinished } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { asAdmin, uniqueName, withServer } from "./server.ts";

describe.skipIf(withServer !== "")(`the application's central database${withServer}`, () => {
  it("S026: is reached from anywhere, on the connections that tenants have too", async () => {
    const database = await newDatabase();
    const Plan = defineEntity({ name: "Plan", properties: { id: p.integer().primary() } });
    const { db, tenancy, acme } = await startFleet({ central: { database, entities: [Plan] } });

    await tenancy.run(acme, () =>
      db.em().transactional(async (em) => {
        await em.insert(Note, { id: 1, text: "acme" });
        await db.central().insert(Plan, { id: 1 });
        expect(db.central().isInTransaction()).toBe(false);
        const [row] = await em.execute<{ name: string }[]>("select current_database() as name");
        expect(row?.name).toBe(acme.placement?.name);
      }),
    );

    expect(await tenancy.central(() => db.central().count(Plan))).toBe(1);
    const [row] = await db
      .central()
      .execute<{ name: string }[]>("select current_database() as name");
    expect(row?.name).toBe(database);
  });

  it("C023: is no tenant's database", async () => {
    const { placement } = (await startFleet()).acme;
    const Plan = defineEntity({ name: "Plan", properties: { id: p.integer().primary() } });

    const started = startFleet({ central: { database: placement?.name ?? "", entities: [Plan] } });

    await expect(started).rejects.toMatchObject({ code: "DATABASE_MISMATCH" });
  });
});

async function newDatabase(): Promise<string> {
  const name = uniqueName("central");
  await asAdmin(`create database "${name}"`);
  onTestFinished(async () => {
    await asAdmin(`drop database "${name}" with (force)`);
  });
  return name;
}
