import type {
  LedgerEntry,
  OperationContext,
  RegistryTransaction,
  TenantRecord,
} from "@af-tenancy/core";
import { beginning } from "./fenced-step.ts";
import { tenantChange } from "./tenant-change.ts";

/** What a tenant that was begun is in the end, and what the outbox says of it. */
export interface Beginning {
  readonly status: "active" | "pending";
  readonly type: string;
}

/** Makes the last step of a tenant that begins: from then on it can be entered, and the ledger has its database so. */
export function activateTenant(
  state: LedgerEntry["state"],
  { status, type }: Beginning = { status: "active", type: "tenant.created" },
) {
  return async (
    { tenants, ledger, outbox }: RegistryTransaction,
    context: OperationContext,
  ): Promise<TenantRecord> => {
    const { tenant } = beginning(context);
    const { placement } = tenant;
    const made = await tenants.update(tenant.id, tenant.version, {
      ...{ status, updatedBy: context.operation.actor },
      ...(placement !== undefined &&
        context.operation.done.includes("migrate") && {
          schemaVersion: context.databases.migrations?.version(placement),
        }),
    });
    if (placement !== undefined) await ledger.record({ tenantId: tenant.id, placement, state });
    await outbox.append(tenantChange(type, made, await tenants.domains(tenant.id)));
    return made;
  };
}
