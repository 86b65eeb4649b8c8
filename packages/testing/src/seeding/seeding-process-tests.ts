import { expect, it, vi } from "vitest";
import { testScale } from "../fixtures/test-scale.ts";
import { rejectionCode } from "../suite/code-of.ts";
import { textsOf, wholeSeeders } from "./noted-seeders.ts";
import { addTenant, seedingOf, textsIn } from "./seeded-tenants.ts";
import type { MakeSeedingPlace } from "./tenant-seeding-contract.ts";
import type { TenantSeedingHarness } from "./tenant-seeding-harness.ts";

/** Checks what happens while another process seeds the same tenant, and once that was killed. */
export function seedingProcessTests(
  make: MakeSeedingPlace,
  { waitsForLocks = false }: TenantSeedingHarness,
): void {
  const looksAtLocks = !waitsForLocks || testScale() >= 1;

  it("F071: lets nobody at a seeder that another process runs, and has no row twice once that was killed", async () => {
    const place = await make();
    const site = await place.start(wholeSeeders());
    const [acme, globex] = [await addTenant(site), await addTenant(site)];
    const seeding = seedingOf(site);
    const worker = place.seedInProcess(acme, "whole");
    await worker.begun();

    if (looksAtLocks) {
      const second = seeding.run(acme, { seeders: ["whole"] });
      expect(await rejectionCode(second)).toBe("SEEDING_LOCKED");
    }
    await worker.kill();
    // A server may take a moment to notice that a client is gone.
    const { seeders } = await vi.waitFor(() => seeding.run(acme, { seeders: ["whole"] }), 20_000);
    await seeding.run(globex, { seeders: ["whole"] });

    expect(seeders).toMatchObject([{ ran: true, rows: 40 }]);
    for (const tenant of [acme, globex]) expect(await textsIn(site, tenant)).toEqual(textsOf(40));
  });

  // One engine shows it in the short run, and the others that a lock keeps others away.
  if (looksAtLocks && testScale() < 1) return;
  it("S147, F071: goes on after the batches of a process that was killed, and has none twice", async () => {
    const place = await make();
    const site = await place.start(wholeSeeders());
    const [acme, globex] = [await addTenant(site), await addTenant(site)];
    const seeding = seedingOf(site);
    const worker = place.seedInProcess(acme, "batched");
    await worker.begun();
    const written = await textsIn(site, acme);
    await worker.kill();
    const { seeders } = await seeding.run(acme, { seeders: ["batched"] });
    await seeding.run(globex, { seeders: ["batched"] });

    expect(written).toEqual(textsOf(30));
    expect(seeders).toMatchObject([{ ran: true, rows: 10 }]);
    for (const tenant of [acme, globex]) expect(await textsIn(site, tenant)).toEqual(textsOf(40));
  });
}
