import type { TenantReference, TenantResolution } from "@af-tenancy/core";

/** What a resolver gives for these candidates, whether or not somebody signed for them. */
export function tenantOf(candidates: readonly TenantReference[]): TenantResolution {
  return { kind: "tenant", candidates, isCredential: false };
}
