import type { AbstractSqlConnection } from "@mikro-orm/sql";
import type { DriverBinding } from "./mikro-orm-internals.ts";
import { insideTransaction, outerOf } from "./open-transactions.ts";
import type { DriverEntities } from "./tenant-entities.ts";
import type { TenantSource } from "./tenant-source.ts";

/** What the scopes of one driver have in common. */
export interface SharedState {
  readonly entities: DriverEntities["given"];
  /** The tenants of entities that no entity manager manages yet. */
  readonly newcomers: WeakMap<object, string>;
}

/** Ties an entity manager and all its forks to one scope of one tenant. */
export class ScopeBinding implements DriverBinding {
  readonly tenantId: string;
  /** Unique per scope, so that MikroORM never takes another scope's transaction for this one's. */
  readonly contextName: string;
  readonly shared: SharedState;
  /** How many `em.transactional()` are under way. */
  transactions = 0;
  readonly #source: TenantSource;
  readonly #connect: () => AbstractSqlConnection;
  #connection: AbstractSqlConnection | undefined;

  constructor(
    source: TenantSource,
    scope: number,
    shared: SharedState,
    connect: () => AbstractSqlConnection,
  ) {
    const { tenantId } = source.database;
    this.tenantId = tenantId;
    this.contextName = `tenant:${tenantId}:${scope}`;
    this.shared = shared;
    this.#source = source;
    this.#connect = connect;
  }

  /** Made when the first query is. */
  get connection(): AbstractSqlConnection {
    this.#connection ??= this.#connect();
    return this.#connection;
  }

  /** Names the tenant's data: results cached for another tenant or another generation are not found. */
  get cacheKey(): string {
    return `${this.tenantId}:${this.#source.database.placement.generation}:`;
  }

  /** Runs the work of a transaction that MikroORM does not know of. */
  insideTransaction<R>(work: () => R): Promise<Awaited<R>> {
    return insideTransaction(this.#source, outerOf({}), work);
  }
}
