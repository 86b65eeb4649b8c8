import { isTenancyError, type NewTenant, type TenantRecord } from "@af-tenancy/core";
import { beginTenant, findByKey, journalInput } from "./begin-tenant.ts";
import { continueCreation } from "./continue-creation.ts";
import { newTenantRecord } from "./new-tenant-record.ts";
import { requireKind } from "./require-kind.ts";
import { requireTenant } from "./require-tenant.ts";
import { runSteps } from "./run-steps.ts";
import { validateNewTenant } from "./validate-new-tenant.ts";
import type { Workplace } from "./workplace.ts";

/** Makes a tenant, or gives the one that the same idempotency key made before. */
export async function createTenant(workplace: Workplace, wanted: NewTenant): Promise<TenantRecord> {
  const kind = requireKind(workplace, "create");
  const input = validateNewTenant(wanted);
  const known = await findByKey(workplace, input);
  if (known !== undefined) return continueCreation(workplace, kind, known, journalInput(input));

  const wished = await newTenantRecord(workplace, input);
  await workplace.events.emit("tenantCreating", { vetoable: true, input });
  const begun = await beginTenant(workplace, wished, {
    ...{ kind: kind.kind, input },
    prepare: (tenant) => withoutVetoedDatabase(workplace, tenant),
  });
  if (!("owner" in begun)) return continueCreation(workplace, kind, begun, journalInput(input));

  await runSteps(workplace, kind, begun);
  return requireTenant(workplace, begun.operation.tenantId);
}

/** Decided once, before anything is written, so that whoever continues the creation makes no database either. */
async function withoutVetoedDatabase(
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
