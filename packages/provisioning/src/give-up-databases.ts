import type { RegistryTransaction } from "@af-tenancy/core";

/** Leaves to the sweeper whatever was begun for a tenant and never became ready; what was ready is never given up here. */
export async function giveUpDatabases(
  { ledger }: RegistryTransaction,
  tenantId: string,
): Promise<void> {
  for (const entry of await ledger.list({ tenantId })) {
    if (entry.state === "creating") await ledger.record({ ...entry, state: "garbage" });
  }
}
