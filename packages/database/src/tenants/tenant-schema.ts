import { type AbstractSqlPlatform, type MikroORM, SqlSchemaGenerator } from "@mikro-orm/sql";
import { sqlRunner } from "../connection/dialect.ts";
import { inTransaction } from "../connection/in-transaction.ts";
import type { ConnectionLease } from "../connection/single-connection.ts";
import { SchemaOutdatedError } from "../errors.ts";
import { splitStatements } from "./mikro-orm-internals.ts";

/** The tables of the application's entities, as every tenant's database has to have them. */
export class TenantSchema {
  readonly #generator: SqlSchemaGenerator;
  readonly #listTables: string;
  readonly #tables: readonly string[];

  constructor(orm: MikroORM) {
    this.#generator = new SqlSchemaGenerator(orm.em as never);
    const platform = orm.driver.getPlatform() as AbstractSqlPlatform;
    this.#listTables = platform.getSchemaHelper()?.getListTablesSQL() ?? "";
    this.#tables = [...orm.getMetadata().getAll().values()]
      .filter(
        ({ tableName, abstract, embeddable, virtual, view }) =>
          tableName !== "" && !abstract && !embeddable && !virtual && !view,
      )
      .map(({ tableName }) => tableName);
  }

  /** Makes the tables in one transaction where there are none; throws `SchemaOutdatedError` where there are some. */
  async create(lease: ConnectionLease, name: string): Promise<void> {
    await inTransaction(lease, async () => {
      const missing = await this.#missing(lease);
      if (missing.length === 0) return;
      if (missing.length < this.#tables.length) throw new SchemaOutdatedError(name, missing);
      const run = sqlRunner(lease.connection);
      const sql = await this.#generator.getCreateSchemaSQL();
      for (const statement of splitStatements(this.#generator, sql)) await run(statement);
    });
  }

  /** Throws `SchemaOutdatedError` when a table is missing. */
  async check(lease: ConnectionLease, name: string): Promise<void> {
    const missing = await this.#missing(lease);
    if (missing.length > 0) throw new SchemaOutdatedError(name, missing);
  }

  async #missing({ connection }: ConnectionLease): Promise<readonly string[]> {
    const rows = await sqlRunner(connection)<{ readonly table_name: string }>(this.#listTables);
    const present = new Set(rows.map(({ table_name }) => table_name));
    return this.#tables.filter((table) => !present.has(table));
  }
}
