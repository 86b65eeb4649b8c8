import { type AbstractSqlPlatform, type MikroORM, SqlSchemaGenerator } from "@mikro-orm/sql";
import type { ConnectionLease } from "../connection/connection-lease.ts";
import { type RunSql, sqlRunner } from "../connection/dialect.ts";
import { inTransaction } from "../connection/in-transaction.ts";
import { DatabaseUnavailableError, SchemaOutdatedError } from "../errors.ts";
import { listOwnTables } from "./list-own-tables.ts";
import { type MergedDdl, mergeDdl } from "./merge-ddl.ts";
import { splitStatements } from "./mikro-orm-internals.ts";

/** The tables of the application's entities, as every tenant's database, schema or shared database has to have them. */
export class TenantSchema {
  readonly #generator: SqlSchemaGenerator;
  readonly #listTables: string;
  readonly #tables: readonly string[];
  readonly #transactionalDdl: boolean;

  constructor(
    orm: MikroORM,
    { transactionalDdl }: { readonly transactionalDdl: boolean },
    generator = new SqlSchemaGenerator(orm.em as never),
  ) {
    this.#generator = generator;
    this.#listTables = listOwnTables(orm.driver.getPlatform() as AbstractSqlPlatform);
    this.#transactionalDdl = transactionalDdl;
    this.#tables = [...orm.getMetadata().getAll().values()]
      .filter(
        ({ tableName, abstract, embeddable, virtual, view }) =>
          tableName !== "" && !abstract && !embeddable && !virtual && !view,
      )
      .map(({ tableName }) => tableName);
  }

  /**
   * Makes the tables where there are none; may be run again after a crash. Throws `SchemaOutdatedError` where there are
   * some that a crash cannot have left.
   */
  async create(lease: ConnectionLease, name: string): Promise<void> {
    try {
      if (this.#transactionalDdl) await this.#createAtOnce(lease, name);
      else await this.#createOneByOne(lease, name);
    } catch (error) {
      // Tenants that share their tables may be made at the same time: whoever comes second finds them finished.
      if (error instanceof SchemaOutdatedError) throw error;
      const missing = await this.#missing(lease).catch(() => undefined);
      if (missing?.length !== 0) throw error;
    }
  }

  /** Throws `SchemaOutdatedError` when a table is missing. */
  async check(lease: ConnectionLease, name: string): Promise<void> {
    const missing = await this.#missing(lease);
    if (missing.length > 0) throw new SchemaOutdatedError(name, missing);
  }

  async #createAtOnce(lease: ConnectionLease, name: string): Promise<void> {
    await inTransaction(lease, async () => {
      const missing = await this.#missing(lease);
      if (missing.length === 0) return;
      if (missing.length < this.#tables.length) throw new SchemaOutdatedError(name, missing);
      const run = sqlRunner(lease.connection);
      for (const statement of await this.#statements()) await run(statement);
    });
  }

  /**
   * Each table comes with its indexes and foreign keys or not at all, also those to tables that come after it; triggers and
   * views follow. Others who do the same in this database wait, because nobody else keeps them from meeting.
   */
  async #createOneByOne(lease: ConnectionLease, name: string): Promise<void> {
    const run = sqlRunner(lease.connection);
    const { tables, others } = mergeDdl(await this.#statements());
    if (await this.#isWhole(lease, others)) return;
    await lock(run, name);
    await run("set foreign_key_checks = 0");
    try {
      for (const table of await this.#missing(lease)) await run(tables.get(table) ?? "");
      const present = await othersIn(run);
      for (const other of others) if (!isIn(present, other)) await run(other.sql);
    } finally {
      await run("set foreign_key_checks = 1");
      await run(`do release_lock(${lockName})`);
    }
  }

  async #isWhole(lease: ConnectionLease, others: MergedDdl["others"]): Promise<boolean> {
    if ((await this.#missing(lease)).length > 0) return false;
    if (others.length === 0) return true;
    const present = await othersIn(sqlRunner(lease.connection));
    return others.every((other) => other.name === undefined || isIn(present, other));
  }

  async #statements(): Promise<readonly string[]> {
    const sql = await this.#generator.getCreateSchemaSQL({ wrap: false });
    return splitStatements(this.#generator, sql);
  }

  async #missing({ connection }: ConnectionLease): Promise<readonly string[]> {
    const rows = await sqlRunner(connection)<{ readonly table_name: string }>(this.#listTables);
    const present = new Set(rows.map(({ table_name }) => table_name));
    return this.#tables.filter((table) => !present.has(table));
  }
}

/** The views and triggers of the current database. */
async function othersIn(run: RunSql): Promise<ReadonlySet<string>> {
  const rows = await run<{ readonly name: string }>(
    `select table_name as name from information_schema.views where table_schema = database()
     union select trigger_name from information_schema.triggers where trigger_schema = database()`,
  );
  return new Set(rows.map(({ name }) => name));
}

function isIn(present: ReadonlySet<string>, { name = "" }: MergedDdl["others"][number]): boolean {
  return present.has(name);
}

/** Freed with the connection, if not before. */
async function lock(run: RunSql, name: string): Promise<void> {
  const [row] = await run<{ readonly got: unknown }>(
    `select get_lock(${lockName}, ${lockSeconds}) as got`,
  );
  if (Number(row?.got) === 1) return;
  const cause = `another process has been making its tables for ${lockSeconds} seconds`;
  throw new DatabaseUnavailableError(name, { cause });
}

const lockName = "concat('af-tenancy ', sha1(database()))";
const lockSeconds = 30;
