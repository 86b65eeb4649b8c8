import type { TenantRecord, TenantStatus } from "@af-tenancy/core";
import type { Session } from "../command/session.ts";
import { selectTenants } from "./select-tenant.ts";

/** Which tenants were asked for. */
export interface Selection {
  readonly tenants: readonly string[] | undefined;
  readonly skipTenants: readonly string[] | undefined;
  readonly withPending: boolean | undefined;
}

/**
 * Gives the tenants that a command of the fleet takes: those that are named, or all that are served or could be again,
 * without those that are to be skipped. Names that nobody has are refused, also among the skipped, and so is a call where
 * nobody is left of those that are named.
 */
export async function selectFleet(
  session: Session,
  { tenants: named, skipTenants, withPending }: Selection,
): Promise<readonly TenantRecord[]> {
  const skipped = new Set<string>();
  for (const { id } of await selectTenants(session, skipTenants ?? [])) skipped.add(id);
  const chosen = named === undefined ? undefined : await selectTenants(session, named);
  const { tenancy } = await session.application();
  const everybody = () => tenancy.store.list(tenancy.tenants.pending.filter(withPending));
  const fleet: TenantRecord[] = [];
  for await (const tenant of chosen ?? everybody()) {
    if (chosen === undefined && unfinished.has(tenant.status)) continue;
    if (!skipped.has(tenant.id)) fleet.push(tenant);
  }
  if (fleet.length === 0 && chosen !== undefined) {
    session.refuse(session.catalogue.refusals.nobodyLeft);
  }
  return fleet;
}

/** They are being made or removed. */
const unfinished: ReadonlySet<TenantStatus> = new Set(["provisioning", "failed", "deleting"]);
