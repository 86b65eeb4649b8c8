import type { Placement, RegistryTransaction, TenantRecord } from "@af-tenancy/core";
import { tenantChange } from "./tenant-change.ts";

/** Has a tenant begin once more, with its database where `placement` says. */
export async function reopenTenant(
  { tenants, outbox }: RegistryTransaction,
  { id, version }: TenantRecord,
  placement: Placement | undefined,
): Promise<void> {
  const tenant = await tenants.update(id, version, { status: "provisioning", placement });
  await outbox.append(tenantChange("tenant.creating", tenant, await tenants.domains(id)));
}

/** Writes that a tenant which begins failed; one that does not begin stays as it is. */
export async function failTenant(
  { tenants, outbox }: RegistryTransaction,
  { id, version, status }: TenantRecord,
): Promise<void> {
  if (status !== "provisioning") return;
  const failed = await tenants.update(id, version, { status: "failed" });
  await outbox.append(tenantChange("tenant.failed", failed, await tenants.domains(id)));
}
