import type { Tenant } from "@af-tenancy/core";

/** Whose a session is: one generation of a tenant's data, or the central side's. */
export interface SessionOwner {
  readonly tenantId: string | null;
  /** That of the tenant's placement; 0 where it has none. */
  readonly generation: number;
}

/** The owner of what is made in this tenant; `null` is the central side. */
export function ownerOf(tenant: Tenant | null): SessionOwner {
  return { tenantId: tenant?.id ?? null, generation: tenant?.placement?.generation ?? 0 };
}

/** Tells whether two owners are the same. */
export function isSameOwner(one: SessionOwner, other: SessionOwner): boolean {
  return one.tenantId === other.tenantId && one.generation === other.generation;
}

/** How an owner is named in messages. */
export function describeOwner({ tenantId, generation }: SessionOwner): string {
  return tenantId === null ? "the central side" : `tenant "${tenantId}", generation ${generation}`;
}
