import type { TenantDomain } from "@af-tenancy/core";

/**
 * Makes a tenant's domains from their names, the first one primary. Whoever may call this vouches for them, so they
 * lead to the tenant at once; one that is there already keeps its verification, or its lack of one.
 */
export function tenantDomains(
  names: readonly string[],
  now: number,
  present: readonly TenantDomain[] = [],
): readonly TenantDomain[] {
  return names.map((name, index) => {
    const known = present.find((domain) => domain.name === name);
    return { name, primary: index === 0, verifiedAt: known === undefined ? now : known.verifiedAt };
  });
}
