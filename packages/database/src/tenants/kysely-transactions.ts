import type { Kysely } from "@mikro-orm/sql";

/** What goes around transactions and the work in them. */
export interface AroundTransactions {
  /** From before its beginning until it has ended. */
  transaction<R>(execute: () => Promise<R>): Promise<R>;
  work<R>(work: () => R): Promise<Awaited<R>>;
}

type Builder = ReturnType<Kysely<unknown>["transaction"]>;
type Work = (...args: readonly unknown[]) => unknown;

/** Has Kysely's own transactions and the work in them run through what goes around them. */
export function aroundKyselyTransactions(kysely: object, by: AroundTransactions): void {
  if (Object.hasOwn(kysely, "transaction")) return;
  const { transaction } = kysely as Kysely<unknown>;
  const value = () => around(transaction.call(kysely as Kysely<unknown>), by);
  Object.defineProperty(kysely, "transaction", { configurable: true, value });
}

/** A builder's other methods give the next builder. */
function around(builder: Builder, by: AroundTransactions): Builder {
  return new Proxy(builder, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== "function") return value;
      if (key !== "execute") return (...args: unknown[]) => around(value.apply(target, args), by);
      return (work: Work) =>
        by.transaction(() =>
          value.call(target, (...args: unknown[]) => by.work(() => work(...args))),
        );
    },
  });
}
