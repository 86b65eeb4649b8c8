import { join } from "node:path";
import type { TenantRecord } from "@af-tenancy/core";
import { acme, testScale } from "@af-tenancy/testing";
import { defineEntity, p } from "@mikro-orm/sqlite";
import { expect, it } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Where one level of a nest stands, and whether in a transaction. */
interface Level {
  readonly place: TenantRecord | "central" | "database of the application";
  readonly transaction: boolean;
}

it("F014: crosses no border in 10,000 combinations of tenants, central and transactions", {
  timeout: 600_000,
}, async () => {
  const Plan = defineEntity({
    name: "Plan",
    properties: { id: p.integer().primary(), name: p.string() },
  });
  const fleet = await startFleet({
    central: { file: join(temporaryFolder(), "app.sqlite"), entities: [Plan] },
  });
  const { db, tenancy, registry } = fleet;
  const third = await fleet.add({ ...acme(), id: "initech", slug: "initech" });
  const tenants = [fleet.acme, fleet.globex, third];
  for (const tenant of tenants) {
    await tenancy.run(tenant, () => db.em().insert(Note, { id: 1, text: tenant.slug }));
  }
  await db.central().insert(Plan, { id: 1, name: "the application's" });
  const crossings: string[] = [];

  /** Reads in each way that the accessor offers, inside whatever is around it. */
  async function look(tenant: TenantRecord): Promise<void> {
    const em = db.em();
    const seen = [
      (await em.findOneOrFail(Note, 1, { refresh: true })).text,
      (await em.execute<{ text: string }[]>("select text from note"))[0]?.text,
    ];
    for (const text of seen) if (text !== tenant.slug) crossings.push(`${tenant.slug}: ${text}`);
  }

  async function lookCentrally(em = db.central()): Promise<void> {
    const { name } = await em.findOneOrFail(Plan, 1, { refresh: true });
    if (name !== "the application's") crossings.push(`central: ${name}`);
  }

  async function nest([level, ...inner]: readonly Level[]): Promise<void> {
    if (level === undefined) return;
    const { place, transaction } = level;
    if (place === "central") {
      const work = () => tenancy.central(() => nest(inner));
      return transaction ? registry.transaction(work) : work();
    }
    if (place === "database of the application") {
      if (!transaction) await lookCentrally();
      return transaction
        ? db.central().transactional(async (em) => {
            await lookCentrally(em);
            await nest(inner);
            await lookCentrally(em);
          })
        : nest(inner);
    }
    await tenancy.run(place, async () => {
      await look(place);
      if (!transaction) await nest(inner);
      else {
        await db.em().transactional(async (em) => {
          if (db.em() !== em) crossings.push(`${place.slug}: another transaction's`);
          await nest(inner);
          if (db.em() !== em) crossings.push(`${place.slug}: lost its transaction`);
          await look(place);
        });
      }
      await look(place);
    });
  }

  const combinations = combine([...tenants, "central", "database of the application"]);
  const wanted = testScale() < 1 ? combinations.length : 10_000;
  for (let done = 0; done < wanted; done++) {
    await nest(combinations[Math.floor((done / wanted) * combinations.length)] ?? []);
  }

  expect(combinations.length).toBe(480);
  expect(crossings).toEqual([]);
});

/** All orders of three places, each in and outside of a transaction; none waits for itself. */
function combine(places: readonly Level["place"][], depth = 3): readonly (readonly Level[])[] {
  if (depth === 0) return [[]];
  const nests = places.flatMap((place) => {
    const others = places.filter((one) => one !== place);
    return combine(others, depth - 1).flatMap((inner) =>
      [true, false].map((transaction) => [{ place, transaction }, ...inner]),
    );
  });
  return nests;
}
