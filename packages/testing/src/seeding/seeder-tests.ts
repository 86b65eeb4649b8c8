import { expect, it } from "vitest";
import { notes, seedersOf } from "./noted-seeders.ts";
import { addTenant, copyTenant, seedingOf, textsIn } from "./seeded-tenants.ts";
import type { MakeSeedingPlace } from "./tenant-seeding-contract.ts";

/** Checks seeders that are functions. */
export function seederTests(make: MakeSeedingPlace): void {
  it("C117: seeds one tenant and no other, with the same keys, each seeder once and in order", async () => {
    const place = await make();
    const ran: string[] = [];
    const site = await place.start(
      seedersOf({
        async plans({ em, tenant }, note) {
          ran.push("plans");
          await em.insertMany(note, [{ id: "1", text: `plan of ${tenant.id}` }]);
        },
        demo({ em, tenant }, note) {
          ran.push("demo");
          em.create(note, { id: "2", text: `demo of ${tenant.id}` });
          em.create(note, { id: "3", text: `demo of ${tenant.id}` });
        },
      }),
    );
    const [acme, globex] = [await addTenant(site), await addTenant(site)];
    const seeding = seedingOf(site);

    const first = await seeding.run(acme, { seeders: ["demo", "plans"] });
    const untouched = await textsIn(site, globex);
    const [other, second] = await Promise.all([seeding.run(globex), seeding.run(acme)]);

    expect(seeding.names).toEqual(["plans", "demo"]);
    expect(first.seeders).toMatchObject([
      { name: "plans", ran: true, rows: 1, tables: { note: 1 } },
      { name: "demo", ran: true, rows: 2, tables: { note: 2 } },
    ]);
    for (const { milliseconds, peakHeap, peakRss } of first.seeders) {
      expect(milliseconds).toBeGreaterThan(0);
      expect(peakRss).toBeGreaterThan(peakHeap / 2);
      expect(peakHeap).toBeGreaterThan(1_000_000);
    }
    expect(untouched).toEqual([]);
    expect(other.seeders.map(({ ran: did }) => did)).toEqual([true, true]);
    expect(second.seeders.map(({ ran: did, rows }) => [did, rows])).toEqual([
      [false, 0],
      [false, 0],
    ]);
    expect(ran).toEqual(["plans", "demo", "plans", "demo"]);
    for (const { id } of [acme, globex]) {
      const tenant = id === acme.id ? acme : globex;
      const own = [`demo of ${id}`, `demo of ${id}`, `plan of ${id}`];
      expect(await textsIn(site, tenant)).toEqual(own);
    }
  });

  it("tells which seeders a database has had, and runs one again where that is asked for", async () => {
    const place = await make();
    const plans = seedersOf({
      plans: ({ em }, note) => em.insertMany(note, notes(2)),
      demo: ({ em }, note) => em.insertMany(note, notes(3)),
    });
    const site = await place.start(plans);
    const acme = await addTenant(site);
    const seeding = seedingOf(site);

    const before = await seeding.status(acme);
    await seeding.run(acme, { seeders: ["plans"] });
    const between = await seeding.status(acme);
    const again = await seeding.run(acme, { seeders: ["plans"], again: true });

    expect(before).toEqual([
      { name: "plans", at: undefined, rows: 0 },
      { name: "demo", at: undefined, rows: 0 },
    ]);
    expect(between).toMatchObject([
      { name: "plans", at: expect.any(Number), rows: 2 },
      { name: "demo", at: undefined, rows: 0 },
    ]);
    expect(Math.abs(Number(between[0]?.at) - Date.now())).toBeLessThan(600_000);
    expect(again.seeders).toMatchObject([{ ran: true, rows: 2 }]);
    expect(await textsIn(site, acme)).toHaveLength(4);
  });

  it("S039: a copy of a tenant has had the seeders that the tenant has had", async () => {
    const place = await make();
    const site = await place.start(
      seedersOf({
        plans: ({ em }, note) => em.insertMany(note, notes(2)),
        demo: { rows: () => notes(3) },
      }),
    );
    const acme = await addTenant(site);
    const seeding = seedingOf(site);
    await seeding.run(acme, { seeders: ["plans"] });

    const copy = await copyTenant(site, acme);
    const { seeders } = await seeding.run(copy);

    expect(seeders.map(({ name, ran, rows }) => [name, ran, rows])).toEqual([
      ["plans", false, 0],
      ["demo", true, 3],
    ]);
    expect(await textsIn(site, copy)).toHaveLength(5);
    expect(await textsIn(site, acme)).toHaveLength(2);
  });
}
