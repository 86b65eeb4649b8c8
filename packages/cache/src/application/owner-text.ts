import type { CacheOwner, Tenant } from "@af-tenancy/core";

/** The owner of what is kept in a tenant. */
export function cacheOwner({ id, placement }: Tenant): CacheOwner {
  return { tenantId: id, generation: placement?.generation ?? 0 };
}

/** Writes an owner so that no two are the same, whatever is in an id; without one it is everybody's. */
export function ownerText(owner: CacheOwner | undefined): string {
  return owner === undefined ? "~" : `${tenantText(owner.tenantId)}~${owner.generation}`;
}

/** Letters, digits, `_` and `-` stand for themselves, and every other unit is a dot and its number. */
export function tenantText(tenantId: string): string {
  return tenantId.replace(/[^A-Za-z0-9_-]/g, (unit) => {
    return `.${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
