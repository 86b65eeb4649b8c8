import type { TenantOperations, TenantRecord, TenantStatus } from "@af-tenancy/core";
import { tenantRecord } from "@af-tenancy/testing";
import { type Installation, installation } from "../support/installation.ts";

/** An installation, one process of it, and what the tests of a life look at. */
export interface Life extends Installation {
  readonly tenants: TenantOperations;
  /** Adds a tenant as it stands in the registry. */
  add(values: Partial<TenantRecord> & { readonly slug: string }): Promise<TenantRecord>;
  read(id: string): Promise<TenantRecord | undefined>;
  /** What outbox and audit trail say, oldest first. */
  acts(): Promise<{ readonly outbox: readonly string[]; readonly audit: readonly string[] }>;
}

/** Starts a process over an empty installation. */
export async function startLife(shared: Installation = installation()): Promise<Life> {
  const { registry } = shared;
  const { tenants } = await shared.join();
  return {
    ...shared,
    tenants,
    async add(values) {
      const tenant = tenantRecord({ id: values.slug, ...values });
      await registry.transaction((one) => one.tenants.insert(tenant, []));
      return tenant;
    },
    read: async (id) => registry.store.find({ by: "id", value: id }),
    acts: () =>
      registry.transaction(async ({ outbox, audit }) => ({
        outbox: (await outbox.readAfter(0, 1_000)).map(({ type }) => type),
        audit: (await audit.list({ limit: 1_000 })).map(({ action }) => action).toReversed(),
      })),
  };
}

/** The dates that belong to a status. */
export function datesOf(status: TenantStatus): Partial<TenantRecord> {
  if (status === "suspended") return { suspendedAt: 1 };
  if (status === "blocked" || status === "archived") return { formerStatus: "active" };
  if (status !== "deleted") return {};
  return { deletedAt: 1, graceUntil: 9_000_000, formerStatus: "active" };
}
