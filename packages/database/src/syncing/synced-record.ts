import {
  type EntityMetadata,
  type EntityName,
  type LockMode,
  type SqlEntityManager,
  wrap,
} from "@mikro-orm/sql";
import type { KnownResource } from "./known-resources.ts";

/** The global id of a record. */
export function idOf(record: object, { globalId }: KnownResource): string {
  return String(Reflect.get(record, globalId));
}

/** Tells whether a record is in the trash. */
export function isInTrash(record: object, { given }: KnownResource): boolean {
  const { trashed } = given;
  return trashed !== undefined && Reflect.get(record, trashed.field) != null;
}

/** Finds a record, whatever the default filters of its entity hide; locks it for the rest of the transaction on demand. */
export async function findRecord(
  em: SqlEntityManager,
  meta: EntityMetadata<object>,
  resource: KnownResource,
  globalId: string,
  lockMode?: LockMode,
): Promise<object | undefined> {
  const options = lockMode === undefined ? {} : { lockMode };
  const where = { [resource.globalId]: globalId } as object;
  const found = await em.findOne(meta.class as EntityName<object>, where, {
    filters: false,
    ...options,
  });
  return found ?? undefined;
}

/** The record with everything that is asked of it: a reference, or what was loaded in part, is read anew. */
export async function wholeRecord(
  em: SqlEntityManager,
  meta: EntityMetadata<object>,
  entity: object,
  { globalId, given }: KnownResource,
): Promise<object | undefined> {
  const columns = meta.props.filter(
    ({ kind, persist, lazy }) => kind === "scalar" && persist !== false && !lazy,
  );
  const needed =
    given.shouldSync === undefined
      ? [globalId, ...(given.trashed === undefined ? [] : [given.trashed.field])]
      : columns.map(({ name }) => name);
  if (needed.every((name) => Reflect.get(entity, name) !== undefined)) return entity;
  const own = em.fork({ keepTransactionContext: true });
  const key = wrap(entity, true).getPrimaryKey() as never;
  const found = await own.findOne(meta.class as EntityName<object>, key, { filters: false });
  return found ?? undefined;
}
