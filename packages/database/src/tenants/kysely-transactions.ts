import type { Kysely } from "@mikro-orm/sql";

type Run = <R>(work: () => R) => Promise<Awaited<R>>;
type Builder = ReturnType<Kysely<unknown>["transaction"]>;
type Work = (...args: readonly unknown[]) => unknown;

/** Has the work of Kysely's own transactions run through `run`. */
export function aroundKyselyTransactions(kysely: object, run: Run): void {
  if (Object.hasOwn(kysely, "transaction")) return;
  const { transaction } = kysely as Kysely<unknown>;
  const value = () => around(transaction.call(kysely as Kysely<unknown>), run);
  Object.defineProperty(kysely, "transaction", { configurable: true, value });
}

/** A builder's other methods give the next builder. */
function around(builder: Builder, run: Run): Builder {
  return new Proxy(builder, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== "function") return value;
      if (key !== "execute") return (...args: unknown[]) => around(value.apply(target, args), run);
      return (work: Work) => value.call(target, (...args: unknown[]) => run(() => work(...args)));
    },
  });
}
