import { isTenancyError, type NewTenant, type TenantRecord } from "@af-tenancy/core";
import { assertAllowedNames } from "./allowed-names.ts";
import { makeTenant } from "./make-tenant.ts";
import { validateNewTenant } from "./validate-new-tenant.ts";
import type { Workplace } from "./workplace.ts";

/** Makes a tenant, or gives the one that the same idempotency key made before. */
export async function createTenant(workplace: Workplace, wanted: NewTenant): Promise<TenantRecord> {
  await assertAllowedNames(workplace, wanted);
  return makeTenant(workplace, {
    kind: "create",
    input: validateNewTenant(wanted),
    prepare: (tenant) => withoutVetoedDatabase(workplace, tenant),
  });
}

/** Decided once, before anything is written, so that whoever continues the creation makes no database either. */
export async function withoutVetoedDatabase(
  { events }: Workplace,
  tenant: TenantRecord,
): Promise<TenantRecord> {
  if (tenant.placement === undefined) return tenant;
  try {
    await events.emit("databaseCreating", { vetoable: true, tenant });
    return tenant;
  } catch (error) {
    if (isTenancyError(error) && error.code === "VETOED")
      return { ...tenant, placement: undefined };
    throw error;
  }
}
