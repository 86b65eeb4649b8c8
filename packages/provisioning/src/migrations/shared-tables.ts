import type { Tenant, TenantRecord } from "@af-tenancy/core";
import { everyStatus } from "../read-anew.ts";
import type { Workplace } from "../workplace.ts";

/** A tenant of a plan, and whose tables it shares. */
export interface Selected {
  readonly id: string;
  /** The same text for all tenants that share their tables; `undefined` where it has its own. */
  readonly shared: string | undefined;
}

/** Names the tables that a tenant shares with others: on each server of a driver there is one set of them. */
export function sharedTablesOf({ placement }: Pick<Tenant, "placement">): string | undefined {
  if (placement?.strategy !== "row") return undefined;
  return JSON.stringify([placement.driver, placement.server]);
}

/** Gives what a plan has to know of a tenant. */
export function selected(tenant: Pick<Tenant, "id" | "placement">): Selected {
  return { id: tenant.id, shared: sharedTablesOf(tenant) };
}

/**
 * Adds whoever shares tables with these tenants and is wanted, whatever their status: what is done to the tables is done
 * to all of them.
 */
export async function withSharers(
  { registry }: Pick<Workplace, "registry">,
  tenants: readonly Selected[],
  isWanted: (tenant: TenantRecord) => boolean = () => true,
): Promise<readonly Selected[]> {
  const places = new Set(tenants.map(({ shared }) => shared));
  places.delete(undefined);
  if (places.size === 0) return tenants;
  const known = new Set(tenants.map(({ id }) => id));
  const sharers: Selected[] = [];
  for await (const tenant of registry.store.list({ statuses: everyStatus })) {
    const found = selected(tenant);
    if (found.shared === undefined || !places.has(found.shared) || known.has(tenant.id)) continue;
    if (tenant.status !== "deleting" && isWanted(tenant)) sharers.push(found);
  }
  return [...tenants, ...sharers];
}

/** Puts tenants together that share their tables, in the order of the first of each. */
export function unitsOf(tenants: readonly Selected[]): readonly (readonly Selected[])[] {
  const units: Selected[][] = [];
  const byPlace = new Map<string, Selected[]>();
  for (const tenant of tenants) {
    const { shared } = tenant;
    const unit = shared === undefined ? undefined : byPlace.get(shared);
    if (unit !== undefined) {
      unit.push(tenant);
      continue;
    }
    const begun = [tenant];
    units.push(begun);
    if (shared !== undefined) byPlace.set(shared, begun);
  }
  return units;
}
