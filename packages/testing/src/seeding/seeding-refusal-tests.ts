import { expect, it } from "vitest";
import { rejectionCode } from "../suite/code-of.ts";
import { notes, seedersOf, textsOf } from "./noted-seeders.ts";
import { addTenant, seedingOf, textsIn } from "./seeded-tenants.ts";
import type { MakeSeedingPlace } from "./tenant-seeding-contract.ts";

/** Checks what is refused before anything is changed. */
export function seedingRefusalTests(make: MakeSeedingPlace): void {
  const plans = seedersOf({ plans: ({ em }, note) => em.insertMany(note, notes(1)) });

  it("refuses a seeder that there is not, naming those that there are, and whatever cannot be asked", async () => {
    const place = await make();
    const site = await place.start(plans);
    const acme = await addTenant(site);
    const seeding = seedingOf(site);

    await expect(seeding.run(acme, { seeders: ["plans", "plan"] })).rejects.toThrow(
      'There is no seeder "plan": there are plans.',
    );
    const given = [{ seeders: "plans" }, { again: "yes" }, { signal: "x" }, { onProgress: true }];
    for (const request of given) {
      expect(await rejectionCode(seeding.run(acme, request as never))).toBe("INVALID_INPUT");
    }
    expect(await seeding.run(acme, { seeders: [] })).toEqual({ seeders: [] });
    expect(await textsIn(site, acme)).toEqual([]);
  });

  it("refuses tenants that may not be written, and databases that are not there or another's", async () => {
    const place = await make();
    const site = await place.start(plans);
    const [acme, globex] = [await addTenant(site), await addTenant(site)];
    const { run } = seedingOf(site);
    const code = (tenant: typeof acme) => rejectionCode(run.call(seedingOf(site), tenant));

    expect(await code({ ...acme, access: "read-only" })).toBe("TENANT_READ_ONLY");
    expect(await code({ ...acme, access: "closed" })).toBe("TENANT_CLOSED");
    expect(await code({ ...acme, placement: undefined })).toBe("DATABASE_NOT_READY");
    expect(await code({ ...acme, placement: globex.placement })).toBe("DATABASE_MISMATCH");

    expect(await textsIn(site, acme)).toEqual([]);
    expect(await textsIn(site, globex)).toEqual([]);
  });

  it("seeds a tenant anew whose database was dropped and made again", async () => {
    const place = await make();
    const site = await place.start(plans);
    const acme = await addTenant(site);
    await seedingOf(site).run(acme);
    const { id: tenantId, placement } = acme;
    const manager = site.databases.manager(placement as never);

    await manager.drop({ tenantId, placement } as never);
    await manager.create({ tenantId, placement } as never);
    await site.databases.migrate(acme);
    const { seeders } = await seedingOf(site).run(acme);

    expect(seeders).toMatchObject([{ ran: true, rows: 1 }]);
    expect(await textsIn(site, acme)).toEqual(textsOf(1));
  });
}
