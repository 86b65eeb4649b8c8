import type { EntityName, SqlEntityManager } from "@mikro-orm/sql";
import type { KnownResources } from "./known-resources.ts";
import type { Note } from "./notebooks.ts";
import { nextNumber } from "./pending-changes.ts";
import type { RecordRow } from "./sync-tables.ts";
import { grouped, lockRows } from "./tenant-states.ts";

/** Gives changed central records new versions, in the transaction that changed them. */
export async function writeVersions(
  em: SqlEntityManager,
  { records, mappings }: Pick<KnownResources, "records" | "mappings">,
  notes: readonly Note[],
  now: number,
): Promise<void> {
  for (const [resource, own] of grouped(notes)) {
    for (const row of await lockRecords(em, records, resource, [...own.keys()])) {
      const { globalId } = row;
      const kinds = (own.get(globalId) ?? []).map(({ kind }) => kind);
      const moved = kinds.includes("trashed") || kinds.includes("restored");
      const version = await raiseVersion(em, records, row, now, moved);
      if (kinds.at(-1) !== "removed") continue;
      const where = { resource, globalId, state: "attached" };
      await em.nativeUpdate(mappings, where, { state: "detaching", since: version });
    }
  }
}

/** Gives a locked record its next version, for which tenants are then behind. */
export async function raiseVersion(
  em: SqlEntityManager,
  records: EntityName,
  { resource, globalId, version: last }: RecordRow,
  now: number,
  trash = false,
): Promise<number> {
  const version = nextNumber(last, now);
  const changes = trash ? { version, trashVersion: version } : { version };
  await em.nativeUpdate(records, { resource, globalId }, changes);
  return version;
}

/** Gives a locked record a version that concerns one tenant; the others that were not behind are not behind then. */
export async function raiseForOne(
  em: SqlEntityManager,
  { records, mappings }: Pick<KnownResources, "records" | "mappings">,
  row: RecordRow,
  now: number,
): Promise<number> {
  const { resource, globalId } = row;
  const version = await raiseVersion(em, records, row, now);
  const current = { resource, globalId, state: "attached", version: row.version };
  await em.nativeUpdate(mappings, current, { version });
  return version;
}

/** Gives the rows of these records for good until the transaction ends; makes those that there are not. */
export async function lockRecords(
  em: SqlEntityManager,
  table: EntityName,
  resource: string,
  globalIds: readonly string[],
): Promise<readonly RecordRow[]> {
  return lockRows<RecordRow>(
    em,
    table,
    globalIds.map((globalId) => ({ resource, globalId, version: 0, trashVersion: 0 })),
    { resource, globalId: { $in: [...globalIds] } },
  );
}
