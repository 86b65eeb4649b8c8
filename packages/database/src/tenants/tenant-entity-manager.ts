import { TenantMismatchError } from "@af-tenancy/core";
import {
  type AbstractSqlDriver,
  type Configuration,
  type EntityName,
  type EventManager,
  type MetadataStorage,
  Reference,
  SqlEntityManager,
  type TransactionOptions,
  Utils,
} from "@mikro-orm/sql";
import { aroundKyselyTransactions } from "./kysely-transactions.ts";
import { bindingOf, managerOf, nameEntityManager } from "./mikro-orm-internals.ts";
import { managerOfTransaction, notingOuter } from "./open-transactions.ts";
import type { ScopeBinding } from "./scope-binding.ts";

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
    const { now, later } = takingEntities();
    for (const method of now) replaceMethod(TenantEntityManager.prototype, method, checking);
    for (const method of later) replaceMethod(TenantEntityManager.prototype, method, checkingLater);
    for (const method of writing()) replaceMethod(TenantEntityManager.prototype, method, mayWrite);
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
    if (this.binding === undefined) return super.transactional(work, options);
    this.binding.transactions += 1;
    try {
      return await super.transactional(work, notingOuter(options));
    } finally {
      this.binding.transactions -= 1;
    }
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

/** Throws `TenantMismatchError` when an entity, or one in a list of them, belongs to another tenant than the manager. */
export function assertOwn(em: unknown, value: unknown): void {
  if (!(em instanceof TenantEntityManager) || em.binding === undefined) return;
  if (Array.isArray(value)) {
    for (const item of value) assertOwn(em, item);
    return;
  }
  if (typeof value !== "object" || !Utils.isEntity(value, true)) return;
  const {
    tenantId,
    shared: { newcomers },
  } = em.binding;
  const entity = Reference.unwrapReference<object>(value);
  const manager = managerOf(entity);
  const owner =
    manager instanceof TenantEntityManager ? manager.binding?.tenantId : newcomers.get(entity);
  if (owner === undefined) newcomers.set(entity, tenantId);
  else if (owner !== tenantId) {
    throw new TenantMismatchError(`The entity ${entity.constructor.name}`, owner, tenantId);
  }
}

/** Throws where the manager can only read. */
export function assertMayWrite(em: unknown): void {
  if (!(em instanceof TenantEntityManager)) return;
  if (em.binding?.refuseWrite !== undefined) throw em.binding.refuseWrite();
}

/** The methods to which an application may hand an entity that another tenant's manager has loaded. */
function takingEntities(): { readonly now: readonly string[]; readonly later: readonly string[] } {
  return {
    now: ["assign", "merge", "persist", "remove"],
    later: ["clone", "insert", "insertMany", "lock", "populate", "refresh", "upsert", "upsertMany"],
  };
}

/** The methods that write without a flush. */
function writing(): readonly string[] {
  return ["insert", "insertMany", "nativeDelete", "nativeUpdate", "upsert", "upsertMany"];
}

type Method = (...args: unknown[]) => unknown;

function replaceMethod(prototype: object, name: string, by: (original: Method) => Method): void {
  const value = by(Reflect.get(prototype, name));
  Object.defineProperty(prototype, name, { configurable: true, writable: true, value });
}

function checking(original: Method): Method {
  return function check(this: unknown, ...args) {
    for (const arg of args) assertOwn(this, arg);
    return original.apply(this, args);
  };
}

function checkingLater(original: Method): Method {
  const checked = checking(original);
  return async function check(this: unknown, ...args) {
    return checked.apply(this, args);
  };
}

function mayWrite(original: Method): Method {
  return async function write(this: unknown, ...args) {
    assertMayWrite(this);
    return original.apply(this, args);
  };
}

/** Its type is made of the entities and cannot be said again by an override. */
function followingKysely(original: Method): Method {
  return function getKysely(this: unknown, ...args) {
    const kysely = original.apply(this, args);
    if (!(this instanceof TenantEntityManager) || this.binding === undefined) return kysely;
    const { binding } = this;
    if (!this.isInTransaction()) {
      aroundKyselyTransactions(kysely as object, (work) => binding.insideTransaction(work));
    }
    return kysely;
  };
}
