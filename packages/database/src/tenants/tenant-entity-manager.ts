import {
  type AbstractSqlDriver,
  type Configuration,
  type EntityName,
  type EventManager,
  type MetadataStorage,
  SqlEntityManager,
  type TransactionOptions,
} from "@mikro-orm/sql";
import { bindingOf } from "./driver-facades.ts";
import { guardMethods } from "./guarded-methods.ts";
import { aroundKyselyTransactions } from "./kysely-transactions.ts";
import { nameEntityManager } from "./mikro-orm-internals.ts";
import { managerOfTransaction, notingOuter } from "./open-transactions.ts";
import { isOver, overError } from "./over-transaction.ts";
import { type Method, replaceMethod } from "./replace-method.ts";
import type { ScopeBinding } from "./scope-binding.ts";
import { settled, watched } from "./watched-transaction.ts";

type CacheConfig = Parameters<SqlEntityManager["tryCache"]>[1];

/** An entity manager that belongs to one tenant: it refuses entities of others and shares no cached result. */
export class TenantEntityManager extends SqlEntityManager {
  /** `undefined` in the shared one, which reaches no database. */
  readonly binding: ScopeBinding | undefined;
  /** The scope's own, which inside a transaction stands for the transaction's; forks stand for themselves. */
  followsTransactions = false;

  constructor(
    config: Configuration,
    driver: AbstractSqlDriver,
    metadata: MetadataStorage,
    useContext?: boolean,
    eventManager?: EventManager,
  ) {
    super(config, driver, metadata, useContext, eventManager);
    this.binding = bindingOf(this.driver) as ScopeBinding | undefined;
    if (this.binding !== undefined) nameEntityManager(this, this.binding.contextName);
  }

  static {
    guardMethods(TenantEntityManager.prototype);
    replaceMethod(TenantEntityManager.prototype, "getKysely", followingKysely);
  }

  /** Asked many times by each query, and the AsyncLocalStorage only while the scope has a transaction. */
  override getContext(validate?: boolean): this {
    if (!this.followsTransactions) return super.getContext(validate);
    if (this.binding?.transactions === 0) return this;
    return (managerOfTransaction(this.name) as this | undefined) ?? this;
  }

  override async transactional<R>(
    work: (em: this) => Promise<R> | R,
    options?: TransactionOptions,
  ): Promise<R> {
    const { binding } = this;
    if (binding === undefined) return super.transactional(work, options);
    binding.transactions += 1;
    const { watch } = binding.shared;
    const begin = (inside: typeof work) => super.transactional(inside, notingOuter(options));
    try {
      return await (watch === undefined ? begin(work) : watched(watch, this, begin, work));
    } finally {
      binding.transactions -= 1;
    }
  }

  override async flush(): Promise<void> {
    const watch = this.binding?.shared.watch;
    if (watch === undefined || this.isInTransaction()) return super.flush();
    await settled(watch, this, () => super.flush());
  }

  override async commit(): Promise<void> {
    const watch = this.binding?.shared.watch;
    await (watch === undefined ? super.commit() : settled(watch, this, () => super.commit()));
  }

  override async rollback(): Promise<void> {
    const watch = this.binding?.shared.watch;
    await (watch === undefined ? super.rollback() : settled(watch, this, () => super.rollback()));
  }

  override tryCache<T extends object, R>(
    entity: EntityName<T>,
    config: CacheConfig,
    key: unknown,
    refresh?: boolean,
    merge?: boolean,
  ): Promise<{ data?: R | null; key: string } | undefined> {
    const chosen = config ?? this.config.get("resultCache").global;
    if (!chosen) return nothingCached;
    const own = this.binding?.cacheKey ?? "";
    const named: CacheConfig = Array.isArray(chosen) ? [`${own}${chosen[0]}`, chosen[1]] : chosen;
    return super.tryCache<T, R>(entity, named, [own, key], refresh, merge);
  }

  override async clearCache(key: string): Promise<void> {
    for (const own of this.binding?.cacheKeys ?? [""]) await super.clearCache(`${own}${key}`);
  }
}

/** What a manager without a cache answers. */
const nothingCached = Promise.resolve(undefined);

/** Its type is made of the entities and cannot be said again by an override. */
function followingKysely(original: Method): Method {
  return function getKysely(this: unknown, ...args) {
    const kysely = original.apply(this, args);
    if (!(this instanceof TenantEntityManager) || this.binding === undefined) return kysely;
    const { binding } = this;
    if (isOver(this.getTransactionContext())) throw overError(() => binding.scope.lease());
    if (!this.isInTransaction()) {
      aroundKyselyTransactions(kysely as object, {
        transaction: (execute) => binding.holding(execute),
        work: (work) => binding.insideTransaction(work),
      });
    }
    return kysely;
  };
}
