import type { TenantDatabase } from "@af-tenancy/core";
import { type EntityManager, TransactionContext } from "@mikro-orm/sql";

/** Whose connection a transaction has. */
export interface TransactionHolder {
  readonly database: TenantDatabase;
}

/**
 * What is noted on a transaction that the current flow of control is in. MikroORM remembers the innermost one only; with
 * the one around it noted, a transaction of another tenant, or a central one, hides none.
 */
interface OpenTransaction {
  /** Whose connection it has; `undefined` while it is still to begin. */
  readonly holder: TransactionHolder | undefined;
  readonly outer: TransactionContext | undefined;
  over: boolean;
}

/** Runs the work of a transaction, so that what it calls can be told that it is inside; `outer` is around it. */
export async function insideTransaction<R>(
  holder: TransactionHolder,
  outer: TransactionContext | undefined,
  work: () => R,
): Promise<Awaited<R>> {
  const em = TransactionContext.currentTransactionContext()?.em ?? nobody;
  const transaction: OpenTransaction = { holder, outer, over: false };
  try {
    return await TransactionContext.create(em, () => {
      Reflect.set(TransactionContext.currentTransactionContext() ?? {}, noted, transaction);
      return work();
    });
  } finally {
    transaction.over = true;
  }
}

/** Notes in a transaction's options which one is around it, before MikroORM makes its own the current one. */
export function notingOuter<O extends object>(options: O | undefined): O {
  return { ...options, [outerKey]: TransactionContext.currentTransactionContext() } as O;
}

/** The transaction around the one that is to begin with these options. */
export function outerOf(options: object): TransactionContext | undefined {
  const current = TransactionContext.currentTransactionContext();
  if (!(outerKey in options)) return current;
  const outer = options[outerKey] as TransactionContext | undefined;
  if (current !== undefined && current !== outer && notedOn(current) === undefined) {
    const beginning: OpenTransaction = { holder: undefined, outer, over: false };
    Reflect.set(current, noted, beginning);
  }
  return outer;
}

/** The entity manager of the innermost unfinished transaction of the entity managers with this name. */
export function managerOfTransaction(name: string): object | undefined {
  return find(({ em }) => em.name === name)?.em;
}

/** The entity manager of the innermost unfinished transaction that the caller is in, of those that match. */
export function managerAround(matches: (em: object) => boolean): object | undefined {
  return find(({ em }) => em !== nobody && matches(em))?.em;
}

/** Tells whether the caller is in the work of an unfinished transaction on the holder's connection. */
export function isHeldByCaller(holder: object): boolean {
  return find((one) => notedOn(one)?.holder === holder) !== undefined;
}

/** Tells whether the caller is in the work of an unfinished transaction in one of the databases that match. */
export function isInTransactionOf(matches: (database: TenantDatabase) => boolean): boolean {
  const found = find((one) => {
    const holder = notedOn(one)?.holder;
    return holder !== undefined && matches(holder.database);
  });
  return found !== undefined;
}

/** How many connections the caller holds in the transactions that it is in. */
export function heldByCaller(): number {
  const holders = new Set<object>();
  find((one) => {
    const holder = notedOn(one)?.holder;
    if (holder !== undefined) holders.add(holder);
    return false;
  });
  return holders.size;
}

function find(
  matches: (transaction: TransactionContext) => boolean,
): TransactionContext | undefined {
  let one = TransactionContext.currentTransactionContext();
  while (one !== undefined) {
    const open = notedOn(one);
    if (open?.over !== true && matches(one)) return one;
    one = open?.outer;
  }
  return undefined;
}

function notedOn(transaction: object): OpenTransaction | undefined {
  return Reflect.get(transaction, noted);
}

const noted = Symbol("af-tenancy:open-transaction");
const outerKey = Symbol("af-tenancy:outer-transaction");

/** Stands in where a transaction is nobody's but a connection's. */
const nobody = Object.freeze({ name: "", _id: 0 }) as unknown as EntityManager;
