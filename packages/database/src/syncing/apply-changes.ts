import { isDeepStrictEqual } from "node:util";
import type { TenantRecord } from "@af-tenancy/core";
import { LockMode, type SqlEntityManager } from "@mikro-orm/sql";
import type { KnownResource } from "./known-resources.ts";
import { after, readPending } from "./pending-changes.ts";
import { creationOf, type SyncParts } from "./sync-parts.ts";
import type { SyncAction } from "./sync-step.ts";
import type { MappingRow, RecordRow } from "./sync-tables.ts";
import { findRecord, isInTrash } from "./synced-record.ts";
import { lockStates } from "./tenant-states.ts";

/** Brings the central record to a tenant that is behind, and tells what that did there. */
export async function applyChanges(
  parts: SyncParts,
  tenant: TenantRecord,
  resource: KnownResource,
  globalId: string,
): Promise<SyncAction | undefined> {
  const site = parts.known.sites.get(tenant.placement?.driver ?? "");
  const source = await readSource(parts, tenant.id, resource, globalId);
  if (site === undefined || source === undefined) return undefined;
  const applied = await site.within(tenant, (em) =>
    parts.syncing(em).transactional((own) => write(parts, own, site.driver, resource, source)),
  );
  if (applied === "waits") return undefined;
  await acknowledge(parts, source);
  return applied;
}

/** What the central database has of a record, for one tenant. */
interface Source {
  readonly globalId: string;
  readonly version: number;
  readonly trashVersion: number;
  readonly mapping: MappingRow;
  /** `undefined` where it is not to be in the tenant. */
  readonly record: object | undefined;
}

/** The version is read first, so that the record is at least as new; `undefined` where nothing is to be done. */
async function readSource(
  { known }: SyncParts,
  tenantId: string,
  resource: KnownResource,
  globalId: string,
): Promise<Source | undefined> {
  const em = known.central.em();
  const key = { resource: resource.name, globalId };
  const row = (await em.findOne(known.records, key as never)) as RecordRow | null;
  const mapping = (await em.findOne(known.mappings, {
    ...key,
    tenantId,
  } as never)) as MappingRow | null;
  if (row === null || mapping === null || mapping.state === "detached") return undefined;
  const { version, trashVersion } = row;
  const source = { globalId, version, trashVersion, mapping };
  if (mapping.state === "detaching") return { ...source, record: undefined };
  if (mapping.version >= version) return undefined;
  const record = await findRecord(em, resource.central, resource, globalId);
  return record && { ...source, record };
}

type Applied = SyncAction | "waits" | undefined;

async function write(
  parts: SyncParts,
  em: SqlEntityManager,
  driver: string,
  resource: KnownResource,
  source: Source,
): Promise<Applied> {
  const { globalId, version, trashVersion, mapping, record } = source;
  const table = parts.known.states.get(driver);
  const meta = resource.tenants.get(driver);
  if (table === undefined || meta === undefined) return "waits";
  const own = await findRecord(em, meta, resource, globalId, LockMode.PESSIMISTIC_WRITE);
  const [state] = await lockStates(em, table, resource.name, [globalId]);
  if (state === undefined) return "waits";
  const pending = after(readPending(state.pending), mapping.received);
  const caughtUp = state.stale && own !== undefined && !isInTrash(own, resource);
  if (state.version >= version && !caughtUp) return undefined;
  const save = (changes: object = {}) =>
    em.nativeUpdate(
      table,
      { resource: resource.name, globalId },
      {
        ...{ version: Math.max(version, state.version), stale: false },
        ...changes,
      },
    );
  if (record === undefined) {
    // It was made anew since, and that will be collected.
    if (pending.created !== undefined) return undefined;
    if (own !== undefined) await em.remove(own).flush();
    await save({ pending: null });
    return own && "removed";
  }
  if (resource.given.shouldSync?.(record) === false) return undefined;
  if (own === undefined) {
    if (pending.removed !== undefined) return "waits";
    const values = creationOf(record, resource, resource.given.creation?.tenant);
    const { trashed } = resource.given;
    const trash = trashed && { [trashed.field]: Reflect.get(record, trashed.field) ?? null };
    em.create(meta.class as never, { ...values, ...trash } as never);
    await em.flush();
    await save();
    return "created";
  }
  const wasInTrash = isInTrash(own, resource);
  const moved = state.version < trashVersion && moveTrash(em, own, record, resource);
  const stale = wasInTrash && isInTrash(own, resource) && resource.given.trashed?.sync !== true;
  const fields = stale ? [] : resource.fields.filter((field) => !(field in pending.fields));
  const changed = assignChanged(em, own, record, fields);
  await em.flush();
  await save({ stale });
  if (moved) return isInTrash(own, resource) ? "trashed" : "restored";
  return changed ? "updated" : undefined;
}

/** Puts a record into the trash or takes it out, as the central one is; tells whether it was elsewhere. */
function moveTrash(
  em: SqlEntityManager,
  own: object,
  record: object,
  resource: KnownResource,
): boolean {
  const { trashed } = resource.given;
  if (trashed === undefined || isInTrash(own, resource) === isInTrash(record, resource))
    return false;
  em.assign(own, { [trashed.field]: Reflect.get(record, trashed.field) ?? null });
  return true;
}

function assignChanged(
  em: SqlEntityManager,
  own: object,
  record: object,
  fields: readonly string[],
): boolean {
  const changed = fields.filter(
    (field) => !isDeepStrictEqual(Reflect.get(own, field), Reflect.get(record, field)),
  );
  em.assign(own, Object.fromEntries(changed.map((field) => [field, Reflect.get(record, field)])));
  return changed.length > 0;
}

/** Notes up to where the tenant has the record, unless it was told more meanwhile. */
async function acknowledge({ known }: SyncParts, { version, mapping }: Source): Promise<void> {
  const { resource, globalId, tenantId, state } = mapping;
  const key = { resource, globalId, tenantId };
  const em = known.central.em();
  await em.nativeUpdate(known.mappings, { ...key, version: { $lt: version } }, { version });
  if (state !== "detaching") return;
  const ended = { ...key, state: "detaching", since: { $lte: version } };
  await em.nativeUpdate(known.mappings, ended, { state: "detached" });
}
