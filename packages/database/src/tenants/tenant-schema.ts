import { createHash } from "node:crypto";
import type { TenantDatabase } from "@af-tenancy/core";
import { type AbstractSqlPlatform, type MikroORM, SqlSchemaGenerator } from "@mikro-orm/sql";
import type { ConnectionLease } from "../connection/connection-lease.ts";
import { type RunSql, sqlRunner } from "../connection/dialect.ts";
import { inTransaction } from "../connection/in-transaction.ts";
import { SchemaOutdatedError } from "../errors.ts";
import { listOwnTables } from "./list-own-tables.ts";
import { splitStatements } from "./mikro-orm-internals.ts";
import type { TenantTables } from "./tenant-tables.ts";

/**
 * Makes the tables of the current database that are not there; may be run again after a crash, and by several processes at
 * once.
 */
export type MakeTables = (run: RunSql, tables: TablesToMake) => Promise<void>;

/** The tables that a tenant's database has to have. */
export interface TablesToMake {
  /** What makes all of them, with their indexes and foreign keys, in a database that has none. */
  readonly statements: readonly string[];
  /** The names of those that are not there now. */
  missing(): Promise<readonly string[]>;
}

/** What is said of a database whose tables are made. */
export interface DatabaseName {
  readonly placement: { readonly name: string };
}

/** The tables of the application's entities, as every tenant's database, schema or shared database has to have them. */
export class TenantSchema implements TenantTables {
  readonly #generator: SqlSchemaGenerator;
  /** SQL for the tables of a connection's database. */
  readonly listTables: string;
  readonly #tables: readonly string[];
  readonly #makeTables: MakeTables | undefined;

  constructor(
    orm: MikroORM,
    makeTables: MakeTables | undefined,
    generator = new SqlSchemaGenerator(orm.em as never),
  ) {
    this.#generator = generator;
    this.listTables = listOwnTables(orm.driver.getPlatform() as AbstractSqlPlatform);
    this.#makeTables = makeTables;
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
  async create(lease: ConnectionLease, { placement: { name } }: DatabaseName): Promise<void> {
    try {
      if (this.#makeTables === undefined) await this.#createAtOnce(lease, name);
      else await this.#createOneByOne(lease, this.#makeTables);
    } catch (error) {
      // Tenants that share their tables may be made at the same time: whoever comes second finds them finished.
      if (error instanceof SchemaOutdatedError) throw error;
      const missing = await this.#missing(lease).catch(() => undefined);
      if (missing?.length !== 0) throw error;
    }
  }

  /** Throws `SchemaOutdatedError` when a table is missing. */
  async check(lease: ConnectionLease, { placement: { name } }: TenantDatabase): Promise<void> {
    const missing = await this.#missing(lease);
    if (missing.length > 0) throw new SchemaOutdatedError(name, missing);
  }

  async #createAtOnce(lease: ConnectionLease, name: string): Promise<void> {
    // A copy of the template has them all.
    if ((await this.#missing(lease)).length === 0) return;
    await inTransaction(lease, async () => {
      const missing = await this.#missing(lease);
      if (missing.length === 0) return;
      if (missing.length < this.#tables.length) throw new SchemaOutdatedError(name, missing);
      const run = sqlRunner(lease.connection);
      for (const statement of await this.statements()) await run(statement);
    });
  }

  async #createOneByOne(lease: ConnectionLease, makeTables: MakeTables): Promise<void> {
    const statements = await this.statements();
    await makeTables(sqlRunner(lease.connection), {
      statements,
      missing: () => this.#missing(lease),
    });
  }

  async statements(): Promise<readonly string[]> {
    const sql = await this.#generator.getCreateSchemaSQL({ wrap: false });
    return splitStatements(this.#generator, sql);
  }

  async fingerprint(): Promise<string> {
    const contents = JSON.stringify(await this.statements());
    return createHash("sha256").update(contents).digest("hex").slice(0, 32);
  }

  async #missing({ connection }: ConnectionLease): Promise<readonly string[]> {
    const rows = await sqlRunner(connection)<{ readonly table_name: string }>(this.listTables);
    const present = new Set(rows.map(({ table_name }) => table_name));
    return this.#tables.filter((table) => !present.has(table));
  }
}
