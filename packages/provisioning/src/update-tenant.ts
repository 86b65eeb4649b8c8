import {
  type JsonValue,
  StaleTenantError,
  type TenantDomain,
  TenantNotFoundError,
  type TenantRecord,
  type TenantReference,
  type TenantUpdate,
} from "@af-tenancy/core";
import { canonicalJson } from "./canonical-json.ts";
import { requireTenant } from "./require-tenant.ts";
import { tenantChange } from "./tenant-change.ts";
import { tenantDomains } from "./tenant-domains.ts";
import { validateUpdate } from "./validate-update.ts";
import type { Workplace } from "./workplace.ts";

/**
 * Changes attributes and domains of a tenant in one transaction, after the listeners agreed. A change by somebody else
 * at the same time is kept when it touched other fields; otherwise `StaleTenantError` is thrown.
 */
export async function updateTenant(
  workplace: Workplace,
  tenant: string | TenantReference,
  wanted: TenantUpdate,
): Promise<TenantRecord> {
  const { domains, ...attributes } = validateUpdate(wanted);
  const before = await read(workplace, tenant);
  const changesAttributes = Object.keys(attributes).length > 0;
  if (!changesAttributes && domains === undefined) return before.tenant;

  const { events } = workplace;
  if (changesAttributes) {
    const event = { vetoable: true, tenant: before.tenant, changes: attributes } as const;
    await events.emit("tenantUpdating", event);
  }
  if (domains !== undefined) {
    const event = {
      vetoable: true,
      tenant: before.tenant,
      from: before.domains,
      to: domains,
    } as const;
    await events.emit("domainsUpdating", event);
  }
  const after = await write(workplace, before, attributes, domains);
  if (changesAttributes) await events.emit("tenantUpdated", { tenant: after });
  if (domains !== undefined) await events.emit("domainsUpdated", { tenant: after });
  return after;
}

type Attributes = Omit<TenantUpdate, "domains">;

interface Snapshot {
  readonly tenant: TenantRecord;
  readonly domains: readonly TenantDomain[];
}

/** The domains are read after the version, so if they changed in between, the version is no longer the one read. */
async function read(workplace: Workplace, reference: string | TenantReference): Promise<Snapshot> {
  const tenant = await requireTenant(workplace, reference);
  if (tenant.status === "deleted" || tenant.status === "deleting") {
    throw new TenantNotFoundError("id", tenant.id);
  }
  const { registry } = workplace;
  const domains = await registry.transaction(({ tenants }) => tenants.domains(tenant.id));
  return { tenant, domains };
}

async function write(
  workplace: Workplace,
  before: Snapshot,
  attributes: Attributes,
  domains: readonly string[] | undefined,
): Promise<TenantRecord> {
  let current = before;
  for (let left = retries; ; left -= 1) {
    try {
      return await writeOnce(workplace, current, attributes, domains);
    } catch (error) {
      if (!(error instanceof StaleTenantError) || left === 0) throw error;
      current = await read(workplace, current.tenant.id);
      if (conflicts(before, current, attributes, domains)) throw error;
    }
  }
}

const retries = 10;

async function writeOnce(
  { registry, clock, actor }: Workplace,
  { tenant: { id, version, slug }, domains: from }: Snapshot,
  attributes: Attributes,
  names: readonly string[] | undefined,
): Promise<TenantRecord> {
  const updatedBy = actor();
  return registry.transaction(async ({ tenants, outbox }) => {
    const tenant = await tenants.update(id, version, { ...attributes, updatedBy });
    if (Object.keys(attributes).length > 0) {
      await outbox.append(tenantChange("tenant.updated", tenant, from, slug));
    }
    if (names !== undefined) {
      const to = tenantDomains(names, clock.now(), from);
      await tenants.setDomains(id, to);
      await outbox.append(tenantChange("domains.updated", tenant, [...from, ...to], slug));
    }
    return tenant;
  });
}

function conflicts(
  before: Snapshot,
  current: Snapshot,
  attributes: Attributes,
  domains: readonly string[] | undefined,
): boolean {
  const fields = Object.keys(attributes) as (keyof Attributes)[];
  if (fields.some((field) => text(before.tenant[field]) !== text(current.tenant[field])))
    return true;
  return domains !== undefined && text(before.domains) !== text(current.domains);
}

function text(value: unknown): string {
  return value === undefined ? "" : canonicalJson(value as JsonValue);
}
