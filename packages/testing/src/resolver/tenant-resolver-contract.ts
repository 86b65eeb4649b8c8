import { describe, expect, it } from "vitest";
import { group } from "../suite/group.ts";
import { hostileTests } from "./hostile-tests.ts";
import { opinionTests } from "./opinion-tests.ts";
import type { TenantResolverHarness } from "./tenant-resolver-harness.ts";

/**
 * Checks that a resolver tells tenant, central and no opinion apart, and keeps its composure on hostile requests.
 *
 * @example
 * tenantResolverContract("header", {
 *   create: () => trusted(headerResolver({ header: "X-Tenant" }), { peers: ["127.0.0.1"] }),
 *   tenants: [{
 *     request: tenancyRequest({ headers: [["X-Tenant", "acme"]] }),
 *     candidates: [{ by: "slug", value: "acme" }],
 *   }],
 *   silent: [tenancyRequest()],
 * });
 */
export function tenantResolverContract(name: string, harness: TenantResolverHarness): void {
  const { leftOut } = harness;

  describe(`tenant resolver: ${name}`, () => {
    group("name", leftOut, () => {
      it("has a name that stays", () => {
        const [one, other] = [harness.create(), harness.create()];

        expect(one.name).toMatch(/\S/);
        expect(other.name).toBe(one.name);
      });
    });
    group("opinions", leftOut, () => opinionTests(harness));
    group("hostile requests", leftOut, () => hostileTests(harness));
  });
}
