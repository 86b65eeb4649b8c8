import { DatabaseNotReadyError, type OperationDefinition } from "@af-tenancy/core";

/** The operation that makes a new tenant ready. */
export const createOperation: OperationDefinition = {
  kind: "create",
  steps: [
    {
      name: "database",
      async run({ tenant: { id, placement }, databases, registry }) {
        if (placement === undefined) throw new DatabaseNotReadyError(id, "it has no placement");
        const entry = { tenantId: id, placement };
        await registry.transaction(({ ledger }) => ledger.record({ ...entry, state: "creating" }));
        await databases.manager(placement).create(entry);
        await registry.transaction(({ ledger }) => ledger.record({ ...entry, state: "ready" }));
      },
    },
    { name: "migrate", run: ({ tenant, databases }) => databases.migrate(tenant) },
    { name: "verify", run: ({ tenant, databases }) => databases.verify(tenant) },
    {
      name: "activate",
      async run({ tenant, registry }) {
        if (tenant.status === "active") return;
        await registry.transaction(async ({ tenants, outbox }) => {
          const changes = { status: "active" } as const;
          const { id, version } = await tenants.update(tenant.id, tenant.version, changes);
          await outbox.append({ type: "tenant.created", tenantId: id, version, payload: {} });
        });
      },
    },
  ],
};
