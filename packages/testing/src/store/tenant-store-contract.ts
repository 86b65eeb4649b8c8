import { describe } from "vitest";
import { forThisTest } from "../suite/for-this-test.ts";
import { group } from "../suite/group.ts";
import { byteEqualityTests } from "./byte-equality-tests.ts";
import { listTests } from "./list-tests.ts";
import { referenceTests } from "./reference-tests.ts";
import type { MakeStore, TenantStoreHarness } from "./tenant-store-harness.ts";

/**
 * Checks that a store finds and lists tenants as every `TenantStore` must.
 *
 * @example tenantStoreContract("my store", { create: ({ tenants }) => myStore(tenants) });
 */
export function tenantStoreContract(name: string, harness: TenantStoreHarness): void {
  const make: MakeStore = (contents) =>
    forThisTest(
      () => harness.create(contents),
      (store) => harness.destroy?.(store),
    );

  describe(`tenant store: ${name}`, () => {
    group("references", harness.leftOut, () => referenceTests(make));
    group("byte equality", harness.leftOut, () => byteEqualityTests(make));
    group("list", harness.leftOut, () => listTests(make));
  });
}
