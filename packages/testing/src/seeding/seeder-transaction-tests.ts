import { InvalidInputError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { notes, seedersOf, textsOf } from "./noted-seeders.ts";
import { addTenant, seedingOf, textsIn } from "./seeded-tenants.ts";
import type { MakeSeedingPlace } from "./tenant-seeding-contract.ts";

/** Checks the transaction of seeders that are functions: what it keeps, and who is in it. */
export function seederTransactionTests(make: MakeSeedingPlace): void {
  it("F066: takes a failed seeder back as a whole, keeps those before it, and goes on when it is mended", async () => {
    const place = await make();
    let broken = true;
    const site = await place.start(
      seedersOf({
        plans: ({ em }, note) => em.insertMany(note, notes(1)),
        async demo({ em }, note) {
          await em.insertMany(note, notes(3));
          if (broken) throw new InvalidInputError("row", "bad", "it fails on purpose");
        },
        late: ({ em }, note) => em.insertMany(note, notes(2)),
      }),
    );
    const acme = await addTenant(site);
    const seeding = seedingOf(site);

    await expect(seeding.run(acme)).rejects.toMatchObject({
      ...{ code: "SEEDER_FAILED", seeder: "demo", cause: { code: "INVALID_INPUT" } },
      done: [{ name: "plans", ran: true, rows: 1 }],
    });
    const left = await textsIn(site, acme);
    broken = false;
    const mended = await seeding.run(acme);

    expect(left).toEqual(textsOf(1));
    expect(mended.seeders.map(({ ran, rows }) => [ran, rows])).toEqual([
      [false, 0],
      [true, 3],
      [true, 2],
    ]);
  });

  it("runs in the tenant's scope, where the entity manager is that of the transaction", async () => {
    const place = await make();
    const seen: unknown[] = [];
    const site = await place.start(
      seedersOf({
        async plans({ em, progress }, note) {
          await em.insertMany(note, notes(2));
          const nested = site.em().transactional(async (inner) => {
            await inner.insertMany(note, notes(5));
            throw new InvalidInputError("row", "bad", "it is taken back");
          });
          await nested.catch(() => undefined);
          progress(2, 2);
          seen.push(site.tenancy.current()?.id, await site.em().count(note));
        },
      }),
    );
    const acme = await addTenant(site);
    const globex = await addTenant(site);

    const told: unknown[] = [];
    const { seeders } = await site.tenancy.run(globex, () =>
      seedingOf(site).run(acme, { onProgress: (progress) => told.push(progress) }),
    );

    expect(seen).toEqual([acme.id, 2]);
    expect(seeders).toMatchObject([{ rows: 2 }]);
    expect(told).toEqual([{ tenantId: acme.id, seeder: "plans", done: 2, total: 2 }]);
    expect(await textsIn(site, globex)).toEqual([]);
  });

  it("begins no seeder after its signal is aborted, and keeps nothing of one that minds it", async () => {
    const place = await make();
    const stop = new AbortController();
    const site = await place.start(
      seedersOf({
        async plans({ em, signal }, note) {
          await em.insertMany(note, notes(2));
          stop.abort(new RangeError("enough"));
          signal.throwIfAborted();
        },
        demo: ({ em }, note) => em.insertMany(note, notes(3)),
      }),
    );
    const acme = await addTenant(site);

    await expect(seedingOf(site).run(acme, { signal: stop.signal })).rejects.toThrow("enough");

    expect(await textsIn(site, acme)).toEqual([]);
  });
}
