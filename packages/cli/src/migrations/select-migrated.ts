import type { MigrationPlanOptions, TenantRecord } from "@af-tenancy/core";
import type { Session } from "../command/session.ts";
import { type Selection, selectFleet } from "../tenants/select-fleet.ts";

/** Gives the tenants with a database that are named, or all that are served or could be again. */
export async function selectMigrated(
  session: Session,
  selection: Selection,
): Promise<readonly TenantRecord[]> {
  const fleet = await selectFleet(session, selection);
  const found = fleet.filter(({ placement }) => placement !== undefined);
  if (found.length === 0 && selection.tenants !== undefined) {
    session.refuse(session.catalogue.refusals.nobodyLeft);
  }
  return found;
}

/** Gives which tenants a plan has that brings them up; where nobody is named the registry alone says who is behind. */
export async function selectUp(
  session: Session,
  selection: Selection,
): Promise<Pick<MigrationPlanOptions, "tenants" | "pending"> | undefined> {
  const { tenants, skipTenants, withPending } = selection;
  if (tenants === undefined && skipTenants === undefined) return { pending: withPending === true };
  const found = await selectMigrated(session, selection);
  return found.length === 0 ? undefined : plannedTenants(found);
}

/** Tells a plan which tenants it has. */
export function plannedTenants(
  tenants: readonly TenantRecord[],
): Required<Pick<MigrationPlanOptions, "tenants">> {
  return { tenants: tenants.map(({ id }) => ({ by: "id", value: id })) };
}
