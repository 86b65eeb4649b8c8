import type {
  CentralRegistry,
  LedgerEntry,
  OperationRecord,
  OutboxEntry,
  TenantRecord,
} from "@af-tenancy/core";

/** Everything that a registry knows. */
export interface Journal {
  readonly tenants: readonly TenantRecord[];
  readonly unfinished: readonly OperationRecord[];
  readonly ledger: readonly LedgerEntry[];
  readonly outbox: readonly OutboxEntry[];
}

/** Reads a registry as it stands. */
export async function journalOf(registry: CentralRegistry): Promise<Journal> {
  const tenants: TenantRecord[] = [];
  const statuses = [
    "provisioning",
    "failed",
    "pending",
    "active",
    "suspended",
    "deleting",
  ] as const;
  for await (const tenant of registry.store.list({ statuses })) tenants.push(tenant);
  return registry.transaction(async ({ operations, ledger, outbox }) => ({
    tenants,
    unfinished: await operations.unfinished(),
    ledger: await ledger.list(),
    outbox: await outbox.readAfter(0, 1_000),
  }));
}
