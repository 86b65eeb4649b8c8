import { expect } from "vitest";
import type { SiteState } from "./inspect-site.ts";

/** What is to be said of the one tenant. */
interface ExpectedTenant {
  readonly slug?: unknown;
  readonly status?: string;
}

/** The tenant is active in one database that is its own, and nothing is left to do. */
export function expectOneTenant(
  { tenants, unfinished, ledger, names }: SiteState,
  state = "ready",
  { slug = "acme", status = "active" }: ExpectedTenant = {},
): void {
  const [acme] = tenants;
  expect(tenants).toMatchObject([{ slug, status }]);
  expect(unfinished).toEqual([]);
  expect(names).toEqual([acme?.placement?.name]);
  expect(ledger.filter(({ state }) => state !== "garbage")).toEqual([
    { tenantId: acme?.id, placement: acme?.placement, state },
  ]);
}

/** Two tenants are active, each in one database that is its own, and nothing is left to do. */
export function expectTwoTenants(
  { tenants, unfinished, ledger, names }: SiteState,
  slugs: readonly string[],
): void {
  expect(tenants.map(({ slug, status }) => [slug, status]).sort()).toEqual(
    slugs.map((slug) => [slug, "active"]),
  );
  expect(unfinished).toEqual([]);
  expect([...names].sort()).toEqual(tenants.map(({ placement }) => placement?.name).sort());
  const kept = ledger.filter(({ state }) => state !== "garbage");
  expect(kept.map(({ tenantId, state }) => [tenantId, state]).sort()).toEqual(
    tenants.map(({ id }) => [id, "ready"]).sort(),
  );
}

/** There is no tenant, no database, and nothing is left to do. */
export function expectNoTenant({ tenants, unfinished, ledger, names }: SiteState): void {
  expect([tenants, unfinished, ledger, names]).toEqual([[], [], [], []]);
}
