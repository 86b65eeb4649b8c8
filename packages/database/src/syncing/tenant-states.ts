import { type EntityName, LockMode, type SqlEntityManager } from "@mikro-orm/sql";
import type { Note } from "./notebooks.ts";
import { nextNumber, readPending, withChange, writePending } from "./pending-changes.ts";
import type { StateRow } from "./sync-tables.ts";

/** Names a record of a resource. */
export interface RecordKey {
  readonly resource: string;
  readonly globalId: string;
}

/** Writes what changed in a tenant's database, in the transaction that changed it. */
export async function writeStates(
  em: SqlEntityManager,
  table: EntityName,
  notes: readonly Note[],
  now: number,
): Promise<void> {
  for (const [resource, own] of grouped(notes)) {
    const rows = await lockStates(em, table, resource, [...own.keys()]);
    const batches = new Map<string, { stamp: number; pending: string | null; ids: string[] }>();
    for (const { globalId, stamp: last, pending: text } of rows) {
      const stamp = nextNumber(last, now);
      let pending = readPending(text);
      for (const note of own.get(globalId) ?? []) pending = withChange(pending, note, stamp);
      const written = writePending(pending);
      const batch = batches.get(`${stamp} ${written}`) ?? { stamp, pending: written, ids: [] };
      batch.ids.push(globalId);
      batches.set(`${stamp} ${written}`, batch);
    }
    for (const { ids, ...changes } of batches.values()) {
      await em.nativeUpdate(table, { resource, globalId: { $in: ids } }, changes);
    }
  }
}

/** Gives the rows of these records for good until the transaction ends; makes those that there are not. */
export async function lockStates(
  em: SqlEntityManager,
  table: EntityName,
  resource: string,
  globalIds: readonly string[],
): Promise<readonly StateRow[]> {
  const fresh = { stamp: 0, version: 0, stale: false, pending: null };
  return lockRows<StateRow>(
    em,
    table,
    globalIds.map((globalId) => ({ resource, globalId, ...fresh })),
    { resource, globalId: { $in: [...globalIds] } },
  );
}

/** Makes rows where there are none, and gives all of them, locked. No gap is locked on MySQL, where rows are made. */
export async function lockRows<Row extends object>(
  em: SqlEntityManager,
  table: EntityName,
  fresh: readonly object[],
  where: object,
): Promise<readonly Row[]> {
  const keys = em.getMetadata().get(table).primaryKeys;
  for (let from = 0; from < fresh.length; from += batchSize) {
    const rows = fresh.slice(from, from + batchSize);
    await em
      .createQueryBuilder(table)
      .insert(rows as never)
      .onConflict(keys as never)
      .ignore()
      .execute();
  }
  return (await em.find(table, where, {
    disableIdentityMap: true,
    lockMode: LockMode.PESSIMISTIC_WRITE,
    orderBy: Object.fromEntries(keys.map((key) => [key, "asc"])) as never,
  })) as Row[];
}

/** The notes of each resource, by record. */
export function grouped(
  notes: readonly Note[],
): ReadonlyMap<string, ReadonlyMap<string, readonly Note[]>> {
  const groups = new Map<string, Map<string, Note[]>>();
  for (const note of notes) {
    const own = groups.get(note.resource) ?? new Map<string, Note[]>();
    own.set(note.globalId, [...(own.get(note.globalId) ?? []), note]);
    groups.set(note.resource, own);
  }
  return groups;
}

const batchSize = 200;
