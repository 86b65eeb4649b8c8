import {
  type CentralRegistry,
  type Clock,
  ConfigurationError,
  type OutboxEntry,
  outsideTenancy,
  type RegistryTransaction,
  systemClock,
  TenancyClosedError,
  type TenancyHost,
  type TenantRecord,
  type TenantStore,
  TransactionEndedError,
  TransactionTimeoutError,
} from "@af-tenancy/core";
import {
  type AbstractSqlDriver,
  DriverException,
  IsolationLevel,
  type SqlEntityManager,
  type Transaction,
} from "@mikro-orm/sql";
import type { DialectConnection } from "../connection/dialect.ts";
import { registryEntities } from "./entities.ts";
import { type OpenRegistry, openRegistry } from "./open-registry.ts";
import { OrmChanges } from "./orm-changes.ts";
import { ormFleetRecords } from "./orm-fleet-records.ts";
import { ormHistory } from "./orm-history.ts";
import { ormLeases } from "./orm-leases.ts";
import { OrmLedger } from "./orm-ledger.ts";
import { ormMigrationRecords } from "./orm-migration-records.ts";
import { OrmOperations } from "./orm-operations.ts";
import { OrmOutbox } from "./orm-outbox.ts";
import { OrmStore, type RowReader } from "./orm-store.ts";
import { OrmTenants } from "./orm-tenants.ts";
import type { RegistryDriver } from "./registry-driver.ts";
import { RegistryRows } from "./registry-rows.ts";
import { registryUnavailable } from "./registry-unavailable.ts";
import type { SendStatement } from "./run-bound.ts";

/** Makes a central registry on a driver's database; driver packages call it. */
export function centralRegistry(driver: RegistryDriver): CentralRegistry {
  return new OrmRegistry(driver);
}

class OrmRegistry implements CentralRegistry {
  readonly name = "registry";
  readonly store: TenantStore<TenantRecord> = new OrmStore(() => this.#rows());
  readonly changes: OrmChanges = new OrmChanges(() => this.#read());
  readonly #driver: RegistryDriver;
  #host: TenancyHost | undefined;
  #clock: Clock = systemClock();
  #open: OpenRegistry | undefined;

  constructor(driver: RegistryDriver) {
    this.#driver = driver;
  }

  attach(host: TenancyHost): void {
    if (this.#host !== undefined && this.#host !== host) {
      throw new ConfigurationError(
        "registry",
        "part of another tenancy already",
        "make one for each createTenancy().",
      );
    }
    this.#host = host;
    this.#clock = host.clock;
  }

  async start(): Promise<void> {
    if (this.#open !== undefined) return;
    this.#open = await outsideTenancy(() =>
      openRegistry(this.#driver, registryEntities(), this.#clock),
    );
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.close();
  }

  async transaction<R>(work: (transaction: RegistryTransaction) => Promise<R>): Promise<R> {
    const { orm, entities, tables } = this.#opened();
    const appended: OutboxEntry[] = [];
    let current: { em(): SqlEntityManager; readonly rows: RegistryRows } | undefined;
    const running = () => {
      if (current === undefined) throw new TransactionEndedError();
      return current;
    };
    const session = {
      entities,
      tables,
      now: this.#driver.now,
      endsWhenRefused: this.#driver.transactions.endsWhenRefused,
      em: () => running().em(),
      rows: () => running().rows,
    };
    const { enter, isolation } = this.#driver.transactions;
    let refused: unknown;
    try {
      // em.transactional() would hide a tenant's transaction from the work: MikroORM sees the innermost one only.
      const driver = orm.driver as AbstractSqlDriver;
      const connection = driver.getConnection("write");
      const result = await connection.transactional(async (transaction) => {
        if (enter !== undefined) await connection.execute(enter, [], "all", transaction);
        const place = { driver, connection, transaction, send: await this.#sender(transaction) };
        const rows = new RegistryRows(place, this.#driver.transactions);
        let em: SqlEntityManager | undefined;
        current = { rows, em: () => (em ??= this.#within(transaction)) };
        try {
          const outbox = new OrmOutbox(session, appended);
          return await work({
            tenants: new OrmTenants(session),
            operations: new OrmOperations(session),
            outbox,
            ledger: new OrmLedger(session),
            leases: ormLeases(session),
            history: ormHistory(session),
            ...ormFleetRecords(session, outbox),
            ...ormMigrationRecords(session),
          });
        } catch (error) {
          refused = error;
          throw error;
        } finally {
          current = undefined;
        }
      }, isolation && { isolationLevel: IsolationLevel.READ_COMMITTED });
      this.changes.tell(appended);
      return result;
    } catch (error) {
      throw this.#named(error, error === refused);
    }
  }

  /** What the work itself threw is its own, but for what the registry's database said to it. */
  #named(error: unknown, isOwn: boolean): unknown {
    if (isOwn && !(error instanceof DriverException)) return error;
    if (error instanceof TransactionTimeoutError) return error;
    const waited = this.#driver.transactions.waitedInVain(error);
    if (waited !== undefined) return new TransactionTimeoutError(waited);
    return registryUnavailable(error);
  }

  /** Most transactions need none: they read and write single rows. */
  #within(transaction: Transaction): SqlEntityManager {
    const { em } = this.#read();
    em.setTransactionContext(transaction);
    return em;
  }

  /** The transaction's connection itself: one that is asked for each statement costs as much as that. */
  async #sender(transaction: Transaction): Promise<SendStatement | undefined> {
    if (!this.#driver.transactions.bindsValues) return undefined;
    const executor = transaction.getExecutor();
    const connection = await executor.provideConnection(async (lent: DialectConnection) => lent);
    return (query) => connection.executeQuery(query);
  }

  #read() {
    const { orm, ...open } = this.#opened();
    return { ...open, em: orm.em.fork({ disableContextResolution: true }) as SqlEntityManager };
  }

  /** Reads on their own go to a connection that waits for no transaction. */
  #rows(): RowReader {
    const { orm, tables, read } = this.#opened();
    const driver = orm.driver as AbstractSqlDriver;
    const send = this.#driver.transactions.bindsValues ? read : undefined;
    const place = { driver, connection: driver.getConnection("read"), send };
    return { tables, rows: new RegistryRows(place, this.#driver.transactions) };
  }

  #opened(): OpenRegistry {
    if (this.#open === undefined) throw new TenancyClosedError("not open");
    return this.#open;
  }
}
