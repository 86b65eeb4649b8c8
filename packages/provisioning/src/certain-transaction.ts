import type { RegistryTransaction } from "@af-tenancy/core";
import { Patience, patiently } from "./patience.ts";
import { patienceOf, type Workplace } from "./workplace.ts";

/** How long a transaction is tried again that certainly left nothing, and what ends that early. */
export interface Persistence {
  /** Milliseconds; 0 when absent. */
  readonly milliseconds?: number;
  /** That of the process when absent. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a transaction whose outcome is known in the end: a commit whose reply was lost is not a failure, so after an
 * error `observe` looks whether the work was kept. Only what it does not find is thrown, or tried again where the error
 * passes by itself; what nobody could look at is never tried again.
 */
export async function certainTransaction<R>(
  workplace: Workplace,
  work: (transaction: RegistryTransaction) => Promise<R>,
  observe: (transaction: RegistryTransaction) => Promise<R | undefined>,
  { milliseconds = 0, signal = workplace.closing }: Persistence = {},
): Promise<R> {
  const { registry, retryMs } = workplace;
  const looking = patienceOf(workplace, signal, retryMs);
  const patience = new Patience(patienceOf(workplace, signal, milliseconds));
  // What fails before its commit is not kept, so there is nothing to look for.
  let mayBeKept = false;
  const look = async () => ({ kept: mayBeKept ? await registry.transaction(observe) : undefined });
  for (;;) {
    try {
      return await registry.transaction(async (transaction) => {
        const result = await work(transaction);
        mayBeKept = true;
        return result;
      });
    } catch (error) {
      const seen = await patiently(looking, look).catch(() => undefined);
      if (seen?.kept !== undefined) return seen.kept;
      if (seen === undefined || !(await patience.allows(error))) throw error;
    }
  }
}
