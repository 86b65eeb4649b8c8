import { describe } from "vitest";
import { forThisTest } from "../suite/for-this-test.ts";
import { group } from "../suite/group.ts";
import { seederTests } from "./seeder-tests.ts";
import { seederTransactionTests } from "./seeder-transaction-tests.ts";
import { seedingProcessTests } from "./seeding-process-tests.ts";
import { seedingRefusalTests } from "./seeding-refusal-tests.ts";
import { seedingRowTests } from "./seeding-row-tests.ts";
import type { SeedingPlace, TenantSeedingHarness } from "./tenant-seeding-harness.ts";

/** Makes a place that is removed when the test is over. */
export type MakeSeedingPlace = () => Promise<SeedingPlace>;

/**
 * Checks that the seeders of one tenant do what every `TenantSeeding` must.
 *
 * @example tenantSeedingContract("sqlite", { create: () => folderOfTenants() });
 */
export function tenantSeedingContract(name: string, harness: TenantSeedingHarness): void {
  const make: MakeSeedingPlace = () =>
    forThisTest(
      () => harness.create(),
      (place) => place.remove(),
    );

  describe(`tenant seeding: ${name}`, () => {
    group("seeders", harness.leftOut, () => seederTests(make));
    group("transactions", harness.leftOut, () => seederTransactionTests(make));
    group("rows", harness.leftOut, () => seedingRowTests(make));
    group("refusals", harness.leftOut, () => seedingRefusalTests(make));
    group("processes", harness.leftOut, () => seedingProcessTests(make, harness));
  });
}
