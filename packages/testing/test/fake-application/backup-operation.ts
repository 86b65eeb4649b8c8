import type { OperationDefinition, Tenant } from "@af-tenancy/core";

/** Where backups go and how the notes of a tenant are read. */
export interface BackupParts {
  readonly vault: Map<string, string>;
  readNotes(tenant: Tenant): Promise<Readonly<Record<string, string>>>;
}

/** Makes the operation that copies a tenant's notes into the vault; both steps may be run again after a crash. */
export function backupOperation({ vault, readNotes }: BackupParts): OperationDefinition {
  return {
    kind: "backup",
    steps: [
      {
        name: "copy",
        async run({ tenant, operation, signal }) {
          signal.throwIfAborted();
          if (vault.has(operation.id)) return;
          vault.set(operation.id, JSON.stringify(await readNotes(tenant)));
        },
      },
      {
        name: "note",
        async run({ operation, registry }) {
          const tenant = await registry.store.find({ by: "id", value: operation.tenantId });
          if (tenant === undefined || tenant.metadata.lastBackup === operation.id) return;
          const metadata = { ...tenant.metadata, lastBackup: operation.id };
          await registry.transaction(async ({ tenants, outbox }) => {
            const { id, version } = await tenants.update(tenant.id, tenant.version, { metadata });
            await outbox.append({
              type: "tenant.backed-up",
              tenantId: id,
              version,
              payload: { operation: operation.id },
            });
          });
        },
      },
    ],
  };
}
