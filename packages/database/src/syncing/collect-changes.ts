import { isDeepStrictEqual } from "node:util";
import type { TenantRecord } from "@af-tenancy/core";
import { LockMode, type SqlEntityManager } from "@mikro-orm/sql";
import { lockRecords, raiseVersion } from "./central-records.ts";
import type { KnownResource } from "./known-resources.ts";
import { after, type PendingChanges, readPending, writePending } from "./pending-changes.ts";
import type { SyncParts } from "./sync-parts.ts";
import { creationOf } from "./sync-parts.ts";
import type { SyncAction } from "./sync-step.ts";
import type { MappingRow, StateRow } from "./sync-tables.ts";
import { findRecord, isInTrash } from "./synced-record.ts";
import { lockRows, lockStates } from "./tenant-states.ts";

/** Brings what changed of a record in a tenant's database to the central one, and tells what that did there. */
export async function collectChanges(
  parts: SyncParts,
  tenant: TenantRecord,
  resource: KnownResource,
  globalId: string,
): Promise<SyncAction | undefined> {
  const site = parts.known.sites.get(tenant.placement?.driver ?? "");
  const table = site && parts.known.states.get(site.driver);
  const meta = site && resource.tenants.get(site.driver);
  if (site === undefined || table === undefined || meta === undefined) return undefined;
  const sent = await site.within(tenant, (em) =>
    em.transactional(async (own) => {
      const state = await own.findOne(table, { resource: resource.name, globalId } as never, {
        lockMode: LockMode.PESSIMISTIC_WRITE,
      });
      const { stamp, version, pending } = (state ?? {}) as Partial<StateRow>;
      if (typeof pending !== "string") return undefined;
      const record = await findRecord(own, meta, resource, globalId);
      return { stamp: stamp ?? 0, version: version ?? 0, pending: readPending(pending), record };
    }),
  );
  if (sent === undefined) return undefined;
  const central = parts.syncing(parts.known.central.em());
  const received = await central.transactional((em) =>
    receive(parts, em, { ...sent, tenantId: tenant.id, resource, globalId }),
  );
  await site.within(tenant, (em) =>
    em.transactional(async (own) => {
      const [state] = await lockStates(own, table, resource.name, [globalId]);
      if (state === undefined) return;
      const pending = writePending(after(readPending(state.pending), sent.stamp));
      const { before, version } = received;
      const arrived = before !== undefined && state.version === before;
      await own.nativeUpdate(
        table,
        { resource: resource.name, globalId },
        { pending, ...(arrived && { version }) },
      );
    }),
  );
  return received.action;
}

/** What a tenant sends of a record. */
interface Sent {
  readonly tenantId: string;
  readonly resource: KnownResource;
  readonly globalId: string;
  readonly stamp: number;
  readonly version: number;
  readonly pending: PendingChanges;
  readonly record: object | undefined;
}

interface Received {
  readonly action: SyncAction | undefined;
  readonly version: number;
  /** The version before; `undefined` where the tenant lacks something of it. */
  readonly before: number | undefined;
}

async function receive(parts: SyncParts, em: SqlEntityManager, sent: Sent): Promise<Received> {
  const { resource, globalId, tenantId, pending, record } = sent;
  const { records, mappings } = parts.known;
  const key = { resource: resource.name, globalId };
  const found = await findRecord(
    ...([em, resource.central, resource, globalId, LockMode.PESSIMISTIC_WRITE] as const),
  );
  const [row] = await lockRecords(em, records, resource.name, [globalId]);
  const fresh = { state: "detached", since: 0, version: 0, received: 0, pivot: null } as const;
  const [mapping] = await lockRows<MappingRow>(em, mappings, [{ ...key, tenantId, ...fresh }], {
    ...key,
    tenantId,
  });
  if (row === undefined || mapping === undefined) return nothing;
  const news = after(pending, mapping.received);
  const save = (changes: Partial<MappingRow>) =>
    em.nativeUpdate(mappings, { ...key, tenantId }, { ...changes, received: sent.stamp });
  const isNew = mapping.state !== "attached";
  if (news.removed !== undefined) {
    if (mapping.state === "attached") await save({ state: "detached", since: row.version });
    else await save({});
    return nothing;
  }
  // Where the central record was removed, the tenant's is about to be, unless it was made anew.
  const gone = found === undefined && mapping.state === "detaching" && news.created === undefined;
  if (record === undefined || writePending(news) === null || gone) {
    await save({});
    return nothing;
  }
  const action = await write(em, resource, record, found, news);
  const current = mapping.version === row.version && sent.version === row.version;
  const version =
    action === undefined ? row.version : await raiseVersion(em, records, row, parts.now());
  const whole = current || found === undefined;
  await save({
    ...(isNew && { state: "attached", since: version }),
    ...(whole && { version }),
    ...(news.restored !== undefined && { version: 0 }),
  });
  return {
    action,
    version,
    before: whole && news.restored === undefined ? sent.version : undefined,
  };
}

/** Makes the central record, or changes what differs in it. */
async function write(
  em: SqlEntityManager,
  resource: KnownResource,
  record: object,
  found: object | undefined,
  news: PendingChanges,
): Promise<SyncAction | undefined> {
  if (found === undefined) {
    const values = creationOf(record, resource, resource.given.creation?.central);
    em.create(resource.central.class as never, values as never);
    await em.flush();
    return "created";
  }
  if (isInTrash(found, resource) && resource.given.trashed?.sync !== true) return undefined;
  const changed = resource.fields.filter(
    (field) =>
      field in news.fields &&
      !isDeepStrictEqual(Reflect.get(found, field), Reflect.get(record, field)),
  );
  if (changed.length === 0) return undefined;
  em.assign(found, Object.fromEntries(changed.map((field) => [field, Reflect.get(record, field)])));
  await em.flush();
  return "updated";
}

const nothing: Received = Object.freeze({ action: undefined, version: 0, before: undefined });
