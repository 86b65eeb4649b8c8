import type { TenantDatabase } from "@af-tenancy/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import type { ConnectionLease } from "../connection/connection-lease.ts";
import { type RunSql, sqlRunner } from "../connection/dialect.ts";
import { inTransaction } from "../connection/in-transaction.ts";
import type { TenantSource } from "../tenants/tenant-source.ts";
import type { MigrationMethod, MigrationSet } from "./migration-set.ts";

/** Makes an entity manager on a connection, for migrations that are more than SQL. */
export type MakeManager = (source: TenantSource) => SqlEntityManager;

type Context = Parameters<SqlEntityManager["setTransactionContext"]>[0];

/** One connection on which migrations are run, inside a transaction or outside of any. */
export class MigrationSession {
  readonly run: RunSql;
  readonly #set: MigrationSet;
  readonly #em: SqlEntityManager;
  readonly #context: Context | undefined;

  private constructor(set: MigrationSet, em: SqlEntityManager, run: RunSql, context?: Context) {
    this.run = run;
    this.#set = set;
    this.#em = em;
    this.#context = context;
  }

  /** Runs work in one transaction, which the migration's own entity managers take part in where there are such. */
  static inTransaction<R>(
    parts: SessionParts,
    isPure: boolean,
    work: (session: MigrationSession) => Promise<R>,
  ): Promise<R> {
    const { set, lease } = parts;
    const em = managerOn(parts);
    if (isPure) {
      const session = new MigrationSession(set, em, sqlRunner(lease.connection));
      return inTransaction(lease, () => work(session));
    }
    const connection = em.getConnection();
    return connection.transactional((context) => {
      const run: RunSql = (sql) => connection.execute(sql, [], "all", context);
      return work(new MigrationSession(set, em, run, context));
    });
  }

  /** Runs work outside of any transaction. */
  static outside<R>(
    parts: SessionParts,
    work: (session: MigrationSession) => Promise<R>,
  ): Promise<R> {
    const run = sqlRunner(parts.lease.connection);
    return work(new MigrationSession(parts.set, managerOn(parts), run));
  }

  /** Runs a migration that is more than SQL; `tell` hears of each statement before it is sent. */
  async perform(
    name: string,
    method: MigrationMethod,
    tell: (sql: string | undefined) => void,
  ): Promise<void> {
    const driver = this.#em.getDriver();
    const migration = this.#set.make(name, driver, this.#em.config);
    if (this.#context !== undefined) migration.setTransactionContext(this.#context as never);
    await migration[method]();
    for (const query of migration.getQueries()) {
      tell(typeof query === "string" ? query : undefined);
      await driver.execute(query as string, undefined, "all", this.#context);
    }
    tell(undefined);
  }
}

/** What a session is made of. */
export interface SessionParts {
  readonly set: MigrationSet;
  readonly lease: ConnectionLease;
  readonly database: TenantDatabase;
  readonly makeManager: MakeManager;
}

/** Whatever asks for a connection gets the one that the migrations are run on. */
function managerOn({ makeManager, lease, database }: SessionParts): SqlEntityManager {
  const { connection, driver } = lease;
  const shared: ConnectionLease = {
    connection,
    driver,
    release: () => undefined,
    destroy: () => lease.destroy(),
  };
  return makeManager({ database, single: true, lease: () => shared });
}
