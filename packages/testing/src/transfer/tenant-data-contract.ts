import type { Tenant } from "@af-tenancy/core";
import { afterAll, beforeAll, describe } from "vitest";
import { carryTests } from "./carry-tests.ts";
import { refusedRowTests } from "./refused-row-tests.ts";
import type { DataSite, TenantDataHarness } from "./tenant-data-harness.ts";

import { valueTests } from "./value-tests.ts";

/** What one test of the contract works with: two tenants of its own, the first one with rows. */
interface DataSubject extends DataSite {
  readonly acme: Tenant;
  readonly globex: Tenant;
}

/** Makes what one test works with. */
export type MakeDataSubject = () => Promise<DataSubject>;

/**
 * Checks that a tenant's data goes out and in again without a loss, into no other tenant, and that rows which cannot be
 * are told one by one.
 *
 * @example tenantDataContract("sqlite, a file each", { start });
 */
export function tenantDataContract(name: string, harness: TenantDataHarness): void {
  describe(`data: ${name}`, () => {
    const started: DataSite[] = [];
    beforeAll(async () => void started.push(await harness.start()));
    afterAll(() => started[0]?.close());

    const make: MakeDataSubject = async () => {
      const site = started[0] as DataSite;
      return { ...site, acme: await site.add(), globex: await site.add() };
    };
    describe("values", () => valueTests(make, harness.keepsNumbers));
    if (harness.brief) return;
    describe("carrying", () => carryTests(make));
    describe("refusing", () => refusedRowTests(make, harness.tenantColumn));
  });
}
