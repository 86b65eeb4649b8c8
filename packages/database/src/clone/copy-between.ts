import type { TenantDatabase } from "@af-tenancy/core";
import type { ConnectionLease } from "../connection/connection-lease.ts";
import { type RunSql, sqlRunner, statement } from "../connection/dialect.ts";
import { CloneRefusedError } from "../errors.ts";
import { type RowRemoval, removeRows } from "../row/remove-rows.ts";
import type { RowTables } from "../row/row-tables.ts";
import type { CopySeeders } from "./copied-seeders.ts";
import { assertAlike, type FoundTables, findTables } from "./copied-tables.ts";
import type {
  CopiedColumn,
  CopiedTable,
  CopyDialect,
  CopyStatement,
  Rows,
} from "./copy-dialect.ts";
import { holdMarker } from "./hold-marker.ts";
import { type InsertOrder, insertOrder } from "./insert-order.ts";
import { readInBatches } from "./read-in-batches.ts";

/** One of the two databases between which rows are copied. */
export interface CopySide {
  readonly database: TenantDatabase;
  readonly lease: ConnectionLease;
}

/** What rows are copied with. */
export interface CopyParts {
  readonly dialect: CopyDialect;
  /** Which tables carry the tenant column, where some do. */
  readonly rows: RowTables | undefined;
  /** How a tenant's rows in shared tables are removed. */
  readonly removal: RowRemoval | undefined;
  /** Copies which seeders there were; `undefined` where there were none. */
  readonly seeders: CopySeeders | undefined;
  readonly signal: AbortSignal;
}

/**
 * Gives a database the rows that another one has at one moment, which stays usable meanwhile: one connection reads in one
 * snapshot, another one writes in one transaction, so that there are all of them or none.
 */
export async function copyBetween(
  source: CopySide,
  target: CopySide,
  parts: CopyParts,
): Promise<void> {
  const { dialect } = parts;
  const reading = sqlRunner(source.lease.connection);
  const writing = sqlRunner(target.lease.connection);
  for (const sql of dialect.settings) await Promise.all([reading(sql), writing(sql)]);
  const snapshot = { isolationLevel: "repeatable read", accessMode: "read only" } as const;
  await source.lease.driver.beginTransaction(source.lease.connection, snapshot);
  await target.lease.driver.beginTransaction(target.lease.connection, {});
  await new Copy(source, target, parts).run(reading, writing);
  await target.lease.driver.commitTransaction(target.lease.connection);
  if (!isShared(target)) await dialect.count(reading, writing);
  await source.lease.driver.commitTransaction(source.lease.connection);
}

function isShared({ database }: CopySide): boolean {
  return database.placement.strategy === "row";
}

class Copy {
  readonly #source: CopySide;
  readonly #target: CopySide;
  readonly #parts: CopyParts;

  constructor(source: CopySide, target: CopySide, parts: CopyParts) {
    this.#source = source;
    this.#target = target;
    this.#parts = parts;
  }

  async run(reading: RunSql, writing: RunSql): Promise<void> {
    const { dialect, rows } = this.#parts;
    const shared = isShared(this.#target);
    await holdMarker(writing, this.#target.database);
    const theirs = await findTables(reading, dialect, shared ? rows : undefined);
    if (theirs.tables.length > 0) for (const sql of hold(dialect, theirs)) await reading(sql);
    const own = await findTables(writing, dialect, shared ? rows : undefined);
    const obstacle = shared ? undefined : await dialect.obstacle?.(reading);
    const why = obstacle ?? (await dialect.changes?.(writing, shared));
    if (why !== undefined) this.#refuse(why);
    if (!shared) assertAlike(this.#source.database, theirs, own);
    const order = insertOrder(own.tables);
    if (order.stuck.length > 0) this.#refuse(circle(order.stuck));
    await this.#empty(writing, own.tables);
    const undo = shared ? [] : ((await dialect.quiet?.(writing)) ?? []);
    await this.#copy(order);
    for (const sql of undo) await writing(sql);
    await this.#parts.seeders?.(reading, writing);
  }

  async #empty(writing: RunSql, tables: readonly CopiedTable[]): Promise<void> {
    const { dialect, rows, removal } = this.#parts;
    const { database, lease } = this.#target;
    if (!isShared(this.#target)) {
      if (tables.length > 0) for (const sql of dialect.empty(tables)) await writing(sql);
      return;
    }
    if (rows === undefined || removal === undefined) return;
    const present = await rows.present(writing);
    await removeRows(present, rows.column, database.tenantId, lease.connection, removal);
  }

  async #copy({ tables, later }: InsertOrder): Promise<void> {
    const { dialect } = this.#parts;
    for (const table of tables) {
      const columns = table.columns.filter((one) => !later.get(table)?.includes(one));
      await this.#each(table, columns, undefined, (rows) => dialect.insert(table, columns, rows));
    }
    for (const [table, columns] of later) {
      const key = table.columns.filter(({ name }) => table.key.includes(name));
      const some = columns.map(({ name }) => `${dialect.quote(name)} is not null`).join(" or ");
      await this.#each(table, [...key, ...columns], `(${some})`, (rows) =>
        dialect.set?.(table, key, columns, rows),
      );
    }
  }

  /** The tenant column has the new tenant's id in every database of a fleet that has it. */
  async #each(
    table: CopiedTable,
    columns: readonly CopiedColumn[],
    condition: string | undefined,
    write: (rows: Rows) => CopyStatement | undefined,
  ): Promise<void> {
    if (columns.length === 0) return;
    const { dialect, rows: scoped, signal } = this.#parts;
    const { tenantId } = this.#source.database;
    const column = scoped?.get(table.name) === undefined ? undefined : scoped.column;
    const own = isShared(this.#source) && column !== undefined;
    const conditions = [
      ...(own ? [`${dialect.quote(column)} = '${tenantId}'`] : []),
      ...(condition === undefined ? [] : [condition]),
    ];
    const where = conditions.length === 0 ? undefined : conditions.join(" and ");
    const place = columns.findIndex(({ name }) => name === column);
    const sql = dialect.read(table, columns, where);
    await readInBatches(this.#source.lease, sql, columns.length, async (rows) => {
      signal.throwIfAborted();
      const owned =
        place < 0 ? rows : rows.map((row) => row.with(place, this.#target.database.tenantId));
      const written = write(owned);
      if (written === undefined) return;
      await this.#target.lease.connection.executeQuery({ ...statement(written.sql), ...written });
    });
  }

  #refuse(why: string): never {
    throw new CloneRefusedError(this.#source.database.placement.name, why);
  }
}

function hold({ hold }: CopyDialect, { tables }: FoundTables): readonly string[] {
  return hold === undefined ? [] : [hold(tables)];
}

function circle(tables: readonly CopiedTable[]): string {
  const names = tables.map(({ name }) => `"${name}"`).join(", ");
  return `the references of ${names} run in a circle and may not be empty`;
}
