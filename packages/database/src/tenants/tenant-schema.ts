import { type AbstractSqlPlatform, type MikroORM, SqlSchemaGenerator } from "@mikro-orm/sql";
import type { ConnectionLease } from "../connection/connection-lease.ts";
import { sqlRunner } from "../connection/dialect.ts";
import { inTransaction } from "../connection/in-transaction.ts";
import { SchemaOutdatedError } from "../errors.ts";
import { listOwnTables } from "./list-own-tables.ts";
import { mergeDdl } from "./merge-ddl.ts";
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
      else await this.#createOneByOne(lease);
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

  /** Each table comes with its indexes and foreign keys or not at all, also those to tables that come after it. */
  async #createOneByOne(lease: ConnectionLease): Promise<void> {
    const missing = await this.#missing(lease);
    if (missing.length === 0) return;
    const run = sqlRunner(lease.connection);
    const { tables, others } = mergeDdl(await this.#statements());
    await run("set foreign_key_checks = 0");
    try {
      for (const table of missing) await run(tables.get(table) ?? "");
      for (const statement of others) await run(statement);
    } finally {
      await run("set foreign_key_checks = 1");
    }
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
