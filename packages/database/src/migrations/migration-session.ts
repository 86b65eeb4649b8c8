import type { TenantDatabase } from "@af-tenancy/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import type { ConnectionLease } from "../connection/connection-lease.ts";
import { type RunSql, sqlRunner } from "../connection/dialect.ts";
import { inTransaction } from "../connection/in-transaction.ts";
import type { TenantSource } from "../tenants/tenant-source.ts";
import type { MigrationDialect } from "./migration-dialect.ts";
import type { MigrationMethod, MigrationSet } from "./migration-set.ts";

/** Makes an entity manager on a connection, for migrations that are more than SQL. */
export type MakeManager = (source: TenantSource) => SqlEntityManager;

type Context = Parameters<SqlEntityManager["setTransactionContext"]>[0];

/** One connection on which migrations are run, inside a transaction or outside of any. */
export class MigrationSession {
  readonly run: RunSql;
  /** Runs several statements in one go, where the engine takes them so. */
  readonly runAll: ((statements: readonly string[]) => Promise<void>) | undefined;
  readonly #parts: SessionParts;
  readonly #em: SqlEntityManager | undefined;
  readonly #context: Context | undefined;

  private constructor(parts: SessionParts, run: RunSql, em?: SqlEntityManager, context?: Context) {
    const { dialect, lease } = parts;
    this.run = run;
    this.runAll = dialect.runAll?.bind(dialect, lease.connection);
    this.#parts = parts;
    this.#em = em;
    this.#context = context;
  }

  /** Runs work in one transaction, which the migration's own entity managers take part in where there are such. */
  static inTransaction<R>(
    parts: SessionParts,
    isPure: boolean,
    work: (session: MigrationSession) => Promise<R>,
  ): Promise<R> {
    const { lease } = parts;
    if (isPure) {
      const session = new MigrationSession(parts, sqlRunner(lease.connection));
      return inTransaction(lease, () => work(session));
    }
    const em = managerOn(parts);
    const connection = em.getConnection();
    return connection.transactional((context) => {
      const run: RunSql = (sql) => connection.execute(sql, [], "all", context);
      return work(new MigrationSession(parts, run, em, context));
    });
  }

  /** Runs work outside of any transaction. */
  static outside<R>(
    parts: SessionParts,
    work: (session: MigrationSession) => Promise<R>,
  ): Promise<R> {
    return work(new MigrationSession(parts, sqlRunner(parts.lease.connection)));
  }

  /** Runs a migration that is more than SQL; `tell` hears of each statement before it is sent. */
  async perform(
    name: string,
    method: MigrationMethod,
    tell: (sql: string | undefined) => void,
  ): Promise<void> {
    const em = this.#em ?? managerOn(this.#parts);
    const driver = em.getDriver();
    const migration = this.#parts.set.make(name, driver, em.config);
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
  readonly dialect: Pick<MigrationDialect, "runAll">;
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
