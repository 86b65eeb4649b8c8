import {
  type JsonValue,
  StaleTenantError,
  type TenantDomain,
  type TenantLike,
  TenantNotFoundError,
  type TenantRecord,
  type TenantUpdate,
} from "@af-tenancy/core";
import { v7 } from "uuid";
import { assertAllowedNames } from "./allowed-names.ts";
import { canonicalJson } from "./canonical-json.ts";
import { certainTransaction } from "./certain-transaction.ts";
import { requireTenant } from "./require-tenant.ts";
import { tenantChange } from "./tenant-change.ts";
import { tenantDomains } from "./tenant-domains.ts";
import {
  journalUpdate,
  repeatedUpdate,
  type UpdateIntent,
  updateIntent,
} from "./update-journal.ts";
import { validateUpdate } from "./validate-update.ts";
import type { Workplace } from "./workplace.ts";

/**
 * Changes attributes and domains of a tenant in one transaction, after the listeners agreed, with its operation in the
 * journal. A change by somebody else at the same time is kept when it touched other fields; otherwise
 * `StaleTenantError` is thrown.
 */
export async function updateTenant(
  workplace: Workplace,
  tenant: TenantLike,
  wanted: TenantUpdate,
): Promise<TenantRecord> {
  await assertAllowedNames(workplace, wanted);
  const changes = validateUpdate(wanted);
  const { domains, expectedDomains, idempotencyKey: _key, ...attributes } = changes;
  const intent = updateIntent(tenant, changes);
  const repeated = await repeatedUpdate(workplace, intent);
  if (repeated !== undefined) return repeated;
  const before = await read(workplace, tenant);
  assertExpected(before, expectedDomains);
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
  let after: TenantRecord;
  try {
    after = await write(workplace, before, { attributes, domains, intent });
  } catch (error) {
    // Another call with the same key was faster.
    const same = await repeatedUpdate(workplace, intent);
    if (same === undefined) throw error;
    return same;
  }
  if (changesAttributes) await events.emit("tenantUpdated", { tenant: after });
  if (domains !== undefined) await events.emit("domainsUpdated", { tenant: after });
  return after;
}

/** What is to be written. */
interface Change {
  readonly attributes: Attributes;
  readonly domains: readonly string[] | undefined;
  readonly intent: UpdateIntent | undefined;
}

type Attributes = Omit<TenantUpdate, "domains" | "expectedDomains" | "idempotencyKey">;

interface Snapshot {
  readonly tenant: TenantRecord;
  readonly domains: readonly TenantDomain[];
}

/** The domains are read after the version, so if they changed in between, the version is no longer the one read. */
async function read(workplace: Workplace, reference: TenantLike): Promise<Snapshot> {
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
  change: Change,
): Promise<TenantRecord> {
  let current = before;
  for (let left = retries; ; left -= 1) {
    try {
      return await writeOnce(workplace, current, change);
    } catch (error) {
      if (!(error instanceof StaleTenantError) || left === 0) throw error;
      current = await read(workplace, current.tenant.id);
      if (conflicts(before, current, change)) throw error;
    }
  }
}

const retries = 10;

/** The journal tells of a commit whose reply was lost that it was kept; of what is not journalled nothing does. */
async function writeOnce(
  workplace: Workplace,
  before: Snapshot,
  { attributes, domains: names, intent }: Change,
): Promise<TenantRecord> {
  const { id, version, slug } = before.tenant;
  const from = before.domains;
  const operationId = v7();
  const written = await certainTransaction<TenantRecord | "kept">(
    workplace,
    async (transaction) => {
      const { tenants, outbox } = transaction;
      if (intent !== undefined) {
        const journalled = { ...intent, id: operationId };
        await journalUpdate(workplace, transaction, before.tenant, journalled);
      }
      const updatedBy = workplace.actor();
      const tenant = await tenants.update(id, version, { ...attributes, updatedBy });
      if (Object.keys(attributes).length > 0) {
        await outbox.append(tenantChange("tenant.updated", tenant, from, slug));
      }
      if (names !== undefined) {
        const to = tenantDomains(names, workplace.clock.now(), from);
        await tenants.setDomains(id, to);
        await outbox.append(tenantChange("domains.updated", tenant, [...from, ...to], slug));
      }
      return tenant;
    },
    async ({ operations }) =>
      (await operations.find({ id: operationId })) === undefined ? undefined : "kept",
  );
  return written === "kept" ? requireTenant(workplace, id) : written;
}

function conflicts(before: Snapshot, current: Snapshot, { attributes, domains }: Change): boolean {
  const fields = Object.keys(attributes) as (keyof Attributes)[];
  if (fields.some((field) => text(before.tenant[field]) !== text(current.tenant[field])))
    return true;
  return domains !== undefined && text(namesOf(before)) !== text(namesOf(current));
}

function assertExpected(before: Snapshot, expected: readonly string[] | undefined): void {
  if (expected === undefined || text(expected) === text(namesOf(before))) return;
  throw new StaleTenantError(before.tenant.id);
}

/** Whether they are verified is kept, whatever it is by the time of the change. */
function namesOf({ domains }: Snapshot): readonly string[] {
  return domains.map(({ name }) => name);
}

function text(value: unknown): string {
  return value === undefined ? "" : canonicalJson(value as JsonValue);
}
