import type { TenantDatabase } from "@af-tenancy/core";
import type { ConnectionLease } from "../connection/connection-lease.ts";
import { type RunSql, sqlRunner } from "../connection/dialect.ts";
import { type SeederDialect, seedersTable } from "./seeder-dialect.ts";

/** What a database remembers of a seeder. */
export interface SeederRecord {
  /** How many rows of its stream were written. */
  readonly taken: number;
  /** How many rows its latest run has inserted. */
  readonly inserted: number;
  /** When it had run to its end, in milliseconds since 1970; `undefined` where it has not. */
  readonly finishedAt: number | undefined;
}

/**
 * What one tenant's database remembers of its seeders, in a table beside the rows, so that both change in one
 * transaction. A copy of the database keeps it: only where tenants share the table does it say whose each row is.
 */
export class SeederRecords {
  readonly #database: TenantDatabase;
  readonly #dialect: SeederDialect;
  readonly #listTables: string;

  /** `listTables` is SQL that gives the `table_name` of the tables that stand in a database. */
  constructor(database: TenantDatabase, dialect: SeederDialect, listTables: string) {
    this.#database = database;
    this.#dialect = dialect;
    this.#listTables = listTables;
  }

  /** Makes the table and a row for each seeder where there are none. */
  async prepare(lease: ConnectionLease, names: readonly string[]): Promise<void> {
    const run = sqlRunner(lease.connection);
    if (!(await this.#isThere(run))) {
      await unless(
        () => run(this.#createTable),
        () => this.#isThere(run),
      );
    }
    const known = await this.read(run);
    for (const name of names) {
      if (known.has(name)) continue;
      await unless(
        () => run(this.#insert(name)),
        async () => (await this.read(run)).has(name),
      );
    }
  }

  /** Reads all of them; none where the table is not there. */
  async readFrom(lease: ConnectionLease): Promise<ReadonlyMap<string, SeederRecord>> {
    const run = sqlRunner(lease.connection);
    return (await this.#isThere(run)) ? this.read(run) : new Map();
  }

  async read(run: RunSql, where = "1 = 1"): Promise<ReadonlyMap<string, SeederRecord>> {
    const rows = await run<Row>(
      `select name, taken, inserted, finished_at from ${seedersTable} where ${this.#own} and ${where}`,
    );
    return new Map(rows.map((row) => [row.name, recordOf(row)]));
  }

  /** Reads one and takes it for this transaction. */
  async lock(run: RunSql, name: string): Promise<SeederRecord> {
    const found = await this.read(run, `name = '${name}'${this.#dialect.lock}`);
    return found.get(name) ?? { taken: 0, inserted: 0, finishedAt: undefined };
  }

  /** Writes one that this transaction has taken. */
  async save(run: RunSql, name: string, record: SeederRecord): Promise<void> {
    const { taken, inserted, finishedAt = "null" } = record;
    await run(
      `update ${seedersTable} set taken = ${taken}, inserted = ${inserted}, finished_at = ${finishedAt} where ${this.#own} and name = '${name}'`,
    );
  }

  get #isShared(): boolean {
    return this.#database.placement.strategy === "row";
  }

  get #own(): string {
    return this.#isShared ? `tenant_id = '${this.#database.tenantId}'` : "1 = 1";
  }

  get #createTable(): string {
    const owner = this.#isShared ? "tenant_id varchar(64) not null, " : "";
    const key = this.#isShared ? "tenant_id, name" : "name";
    return (
      `create table ${seedersTable} (${owner}name varchar(100) not null, taken bigint not null, inserted bigint not null, ` +
      `finished_at bigint, primary key (${key}))${this.#dialect.tableOptions}`
    );
  }

  #insert(name: string): string {
    const owner = this.#isShared ? `'${this.#database.tenantId}', ` : "";
    const column = this.#isShared ? "tenant_id, " : "";
    return `insert into ${seedersTable} (${column}name, taken, inserted) values (${owner}'${name}', 0, 0)`;
  }

  async #isThere(run: RunSql): Promise<boolean> {
    const rows = await run<{ readonly table_name: string }>(this.#listTables);
    return rows.some(({ table_name }) => table_name === seedersTable);
  }
}

interface Row {
  readonly name: string;
  readonly taken: unknown;
  readonly inserted: unknown;
  readonly finished_at: unknown;
}

function recordOf({ taken, inserted, finished_at }: Row): SeederRecord {
  return {
    taken: Number(taken),
    inserted: Number(inserted),
    finishedAt: finished_at === null ? undefined : Number(finished_at),
  };
}

/** Another process may have been faster with the same. */
async function unless(work: () => Promise<unknown>, isDone: () => Promise<boolean>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(await isDone())) throw error;
  }
}
