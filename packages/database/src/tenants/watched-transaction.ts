import type { SqlEntityManager } from "@mikro-orm/sql";
import type { TransactionWatch } from "../syncing/sync-site.ts";

/** Tells the watch once a transaction of an entity manager is over, however it ended. */
export async function watched<EM extends SqlEntityManager, R>(
  watch: TransactionWatch,
  em: EM,
  begin: (work: (inner: EM) => Promise<R> | R) => Promise<R>,
  work: (inner: EM) => Promise<R> | R,
): Promise<R> {
  const outer = em.getContext(false);
  let inner = outer;
  try {
    return await begin((own) => {
      inner = own;
      return work(own);
    });
  } finally {
    if (inner !== outer && outer.isInTransaction()) watch.fold(inner, outer);
    else if (inner !== outer) await watch.settle(inner);
  }
}

/** Tells the watch once an entity manager has done what it keeps or takes back. */
export async function settled(
  watch: TransactionWatch,
  em: SqlEntityManager,
  work: () => Promise<void>,
): Promise<void> {
  const current = em.getContext(false);
  try {
    await work();
  } finally {
    await watch.settle(current);
  }
}
