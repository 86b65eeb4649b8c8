import type { AbstractSqlConnection, SqlEntityManager } from "@mikro-orm/sql";
import type { LeaseScope } from "../connection/lease-scope.ts";
import type { RefuseWrite } from "../connection/read-only-driver.ts";
import type { RowScope } from "../row/row-scope.ts";
import type { TransactionWatch } from "../syncing/sync-site.ts";
import type { AdvanceKeys } from "../transfer/advance-keys.ts";
import type { RowValues } from "../transfer/row-values.ts";
import type { ConfirmDatabase } from "./confirm-database.ts";
import type { DriverBinding } from "./driver-facades.ts";
import { insideTransaction, outerOf } from "./open-transactions.ts";
import { nameOfChoice, type ReadFrom } from "./read-from.ts";
import type { DriverEntities } from "./tenant-entities.ts";
import type { TenantSource } from "./tenant-source.ts";

/** What the scopes of one driver have in common. */
export interface SharedState {
  readonly entities: DriverEntities["given"];
  /** The tenants of entities that no entity manager manages yet. */
  readonly newcomers: WeakMap<object, string>;
  /** Hears of transactions that are over, where somebody wants to. */
  watch?: TransactionWatch;
  /** Makes a scope's connection; opens nothing. */
  connect(binding: ScopeBinding): AbstractSqlConnection;
  /** Makes what looks whether a scope's database is still there. */
  confirming(binding: ScopeBinding): ConfirmDatabase;
  /** Has the database hand out keys above those that it was given, where it does not by itself. */
  readonly advanceKeys: AdvanceKeys | undefined;
  /** What the engine makes of values that not every engine takes. */
  readonly rowValues: RowValues | undefined;
  /** Where readers read from that are not told. */
  readonly readOnlyFrom: ReadFrom;
  /** Makes a scope's entity manager that can only read; throws `ConfigurationError` for replicas that there are not. */
  makeReader(binding: ScopeBinding, from: ReadFrom): SqlEntityManager;
  /** Makes a scope's entity manager for background work. */
  makeBulk(binding: ScopeBinding): SqlEntityManager;
  /** Makes a scope's entity manager that takes any SQL. */
  makeUnscoped(binding: ScopeBinding): SqlEntityManager;
}

/** Ties an entity manager and all its forks to one scope of one tenant. */
export class ScopeBinding implements DriverBinding {
  /** Where the scope's entity manager was made for. */
  readonly home: TenantSource;
  readonly scope: LeaseScope;
  readonly shared: SharedState;
  readonly tenantId: string;
  /** Unique per scope, so that MikroORM never takes another scope's transaction for this one's. */
  readonly contextName: string;
  /** Makes the error for a write; `undefined` where the scope may write. */
  readonly refuseWrite: RefuseWrite | undefined;
  /** How many `em.transactional()` are under way. */
  transactions = 0;
  /** What keeps its queries to its own rows, in a fleet with shared tables. */
  readonly rows: RowScope | undefined;
  #source: TenantSource;
  #connection: AbstractSqlConnection | undefined;
  #readers: Map<string, SqlEntityManager> | undefined;
  #bulk: SqlEntityManager | undefined;
  #confirm: ConfirmDatabase | undefined;

  constructor(
    source: TenantSource,
    scope: LeaseScope,
    number: number,
    shared: SharedState,
    refuseWrite: RefuseWrite | undefined,
    rows: RowScope | undefined,
  ) {
    const { tenantId } = source.database;
    this.home = source;
    this.#source = source;
    this.scope = scope;
    this.shared = shared;
    this.tenantId = tenantId;
    this.contextName = `tenant:${tenantId}:${number}`;
    this.refuseWrite = refuseWrite;
    this.rows = rows;
  }

  /** Where its connections come from. */
  get source(): TenantSource {
    return this.#source;
  }

  /** Has the connections of all queries from now on come from another source of the same database. */
  redirect(source: TenantSource): void {
    this.#source = source;
    this.#connection = undefined;
    this.#readers = undefined;
    this.#bulk = undefined;
    this.#confirm = undefined;
  }

  /** Made when the first query is. */
  get connection(): AbstractSqlConnection {
    this.#connection ??= this.shared.connect(this);
    return this.#connection;
  }

  /** Looks, after work failed, whether the database is still the tenant's; may throw a better error. */
  get confirm(): ConfirmDatabase {
    this.#confirm ??= this.shared.confirming(this);
    return this.#confirm;
  }

  /** The scope's entity manager that can only read, one for each place to read from, made when it is first asked for. */
  reader(from: ReadFrom = this.shared.readOnlyFrom): SqlEntityManager {
    const name = nameOfChoice(from);
    this.#readers ??= new Map();
    const reader = this.#readers.get(name) ?? this.shared.makeReader(this, from);
    this.#readers.set(name, reader);
    return reader;
  }

  /** The scope's entity manager for background work, made when it is first asked for. */
  get bulk(): SqlEntityManager {
    this.#bulk ??= this.shared.makeBulk(this);
    return this.#bulk;
  }

  /**
   * Names the tenant's data: results cached for another tenant or another generation are not found, and none of a
   * replica's by those who read what was written last.
   */
  get cacheKey(): string {
    return this.source.mayLag ? this.cacheKeys[1] : this.cacheKeys[0];
  }

  /** Under what results of the tenant's data are cached. */
  get cacheKeys(): readonly [string, string] {
    const own = `${this.tenantId}:${this.source.database.placement.generation}:`;
    return [own, `${own}replica:`];
  }

  /** Keeps the scope from ending while a transaction that MikroORM does not know of is under way; explains its failure. */
  async holding<R>(transaction: () => Promise<R>): Promise<R> {
    const release = this.scope.lease();
    try {
      return await transaction();
    } catch (error) {
      await this.confirm(error);
      throw error;
    } finally {
      release();
    }
  }

  /** Runs the work of a transaction that MikroORM does not know of. */
  insideTransaction<R>(work: () => R): Promise<Awaited<R>> {
    return insideTransaction(this.source, outerOf({}), work);
  }
}
