import { describe } from "vitest";
import { forThisTest } from "../suite/for-this-test.ts";
import { group } from "../suite/group.ts";
import { failedMigrationTests } from "./failed-migration-tests.ts";
import { migrationRunTests } from "./migration-run-tests.ts";
import { migrationStatusTests } from "./migration-status-tests.ts";
import type { MigrationPlace, TenantMigrationsHarness } from "./tenant-migrations-harness.ts";

/** Makes a place that is removed when the test is over. */
export type MakePlace = () => Promise<MigrationPlace>;

/**
 * Checks that the migrations of one tenant do what every `TenantMigrations` must.
 *
 * @example
 * tenantMigrationsContract("sqlite", {
 *   transactionalDdl: true,
 *   create: () => folderOfTenants(),
 * });
 */
export function tenantMigrationsContract(name: string, harness: TenantMigrationsHarness): void {
  const make: MakePlace = () =>
    forThisTest(
      () => harness.create(),
      (place) => place.remove(),
    );

  describe(`tenant migrations: ${name}`, () => {
    group("status", harness.leftOut, () => migrationStatusTests(make, harness));
    group("runs", harness.leftOut, () => migrationRunTests(make, harness));
    group("failures", harness.leftOut, () => failedMigrationTests(make, harness));
  });
}
