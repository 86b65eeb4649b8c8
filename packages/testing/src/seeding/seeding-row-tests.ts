import { InvalidInputError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { gate } from "../suite/gate.ts";
import { notes, seedersOf, textsOf } from "./noted-seeders.ts";
import { addTenant, seedingOf, textsIn } from "./seeded-tenants.ts";
import type { MakeSeedingPlace } from "./tenant-seeding-contract.ts";

/** Checks seeders that give rows. */
export function seedingRowTests(make: MakeSeedingPlace): void {
  it("S147: writes rows in batches, and goes on after the last of them", async () => {
    const place = await make();
    let broken = true;
    const seen: number[] = [];
    const site = await place.start(
      seedersOf({
        demo: {
          async *rows() {
            yield* notes(25);
            if (broken) throw new InvalidInputError("row", "bad", "it fails on purpose");
            yield* notes(33).slice(25);
          },
        },
      }),
    );
    const acme = await addTenant(site);
    const globex = await addTenant(site);
    const seeding = seedingOf(site);
    const onProgress = ({ done }: { readonly done: number }) => void seen.push(done);

    await expect(seeding.run(acme, { onProgress })).rejects.toMatchObject({
      code: "SEEDER_FAILED",
    });
    const left = await textsIn(site, acme);
    const [status] = await seeding.status(acme);
    broken = false;
    const other = await seeding.run(globex);
    const rest = await seeding.run(acme, { onProgress });
    const none = await seeding.run(acme);

    expect(left).toEqual(textsOf(20));
    expect(status).toEqual({ name: "demo", at: undefined, rows: 20 });
    expect(other.seeders).toMatchObject([{ ran: true, rows: 33, tables: { note: 33 } }]);
    expect(rest.seeders).toMatchObject([{ ran: true, rows: 13 }]);
    expect(none.seeders).toMatchObject([{ ran: false, rows: 0 }]);
    expect(seen).toEqual([10, 20, 30, 33]);
    for (const tenant of [acme, globex]) expect(await textsIn(site, tenant)).toEqual(textsOf(33));
    expect(await seeding.status(acme)).toMatchObject([{ at: expect.any(Number), rows: 33 }]);
  });

  it("begins no batch after its signal is aborted, and writes them anew where that is asked for", async () => {
    const place = await make();
    const stop = new AbortController();
    const site = await place.start(seedersOf({ demo: { rows: () => notes(25) } }));
    const acme = await addTenant(site);
    const seeding = seedingOf(site);
    const stopping = seeding.run(acme, {
      signal: stop.signal,
      onProgress: () => stop.abort(new RangeError("enough")),
    });

    await expect(stopping).rejects.toThrow("enough");
    const left = await textsIn(site, acme);
    await seeding.run(acme);
    const whole = await textsIn(site, acme);
    await seeding.run(acme, { again: true });

    expect(left).toEqual(textsOf(10));
    expect(whole).toEqual(textsOf(25));
    expect(await textsIn(site, acme)).toHaveLength(50);
  });

  it("F071: writes no row twice where two processes stream at the same time: the slower one is told", async () => {
    const place = await make();
    const [written, onward] = [gate(), gate()];
    const slow = await place.start(
      seedersOf({
        demo: {
          async *rows() {
            yield* notes(10);
            written.open();
            await onward.opened;
            yield* notes(25).slice(10);
          },
        },
      }),
    );
    const fast = await place.start(seedersOf({ demo: { rows: () => notes(25) } }));
    const acme = await addTenant(slow);
    const slowly = seedingOf(slow).run(acme);
    const refused = expect(slowly).rejects.toMatchObject({ code: "SEEDING_LOCKED" });
    await written.opened;
    const { seeders } = await seedingOf(fast).run(acme);
    onward.open();
    await refused;

    expect(seeders).toMatchObject([{ ran: true, rows: 15 }]);
    expect(await textsIn(fast, acme)).toEqual(textsOf(25));
  });
}
