import type { LedgerEntry, OperationContext, RegistryTransaction } from "@af-tenancy/core";
import { beginning } from "./fenced-step.ts";
import { tenantChange } from "./tenant-change.ts";

/** Makes the last step of a tenant that begins: from then on it can be entered, and the ledger has its database so. */
export function activateTenant(state: LedgerEntry["state"]) {
  return async (
    { tenants, ledger, outbox }: RegistryTransaction,
    context: OperationContext,
  ): Promise<void> => {
    const { tenant } = beginning(context);
    const { placement } = tenant;
    const active = await tenants.update(tenant.id, tenant.version, {
      ...{ status: "active", updatedBy: context.operation.actor },
    });
    if (placement !== undefined) await ledger.record({ tenantId: tenant.id, placement, state });
    await outbox.append(tenantChange("tenant.created", active, await tenants.domains(tenant.id)));
  };
}
