import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
} from "cockatiel";
import type { Borrower } from "./borrower.ts";
import type { BreakerState, FailingDatabase } from "./pool-statistics.ts";

/** Keeps those whose database cannot be opened from trying all the time; a success forgets all failures before it. */
export class Breakers {
  readonly #failing = new Map<string, Failing>();
  readonly #counts: (error: unknown) => boolean;

  /** `counts` tells which failures are the database's own. */
  constructor(counts: (error: unknown) => boolean) {
    this.#counts = counts;
  }

  /** What fails at the moment. */
  get failing(): readonly FailingDatabase[] {
    return [...this.#failing.values()].map(({ policy, borrower: { database } }) => {
      const { tenantId, placement } = database;
      return { tenantId, name: placement.name, breaker: stateOf(policy) };
    });
  }

  /** Forgets what a tenant's database failed with. */
  forget({ target }: Borrower): void {
    this.#failing.delete(target);
  }

  /** Has nobody try before then a database that has failed. */
  pause({ target }: Borrower, until: number): void {
    const failing = this.#failing.get(target);
    if (failing !== undefined) failing.pausedUntil = until;
  }

  /** Tells whether that time is still to come. */
  isPaused({ target }: Borrower, now: number): boolean {
    return (this.#failing.get(target)?.pausedUntil ?? 0) > now;
  }

  /** Works; after several failures in a row it throws the last one without trying, for a while that grows. */
  async run<R>(borrower: Borrower, work: () => Promise<R>): Promise<R> {
    const { target } = borrower;
    const failing = this.#failing.get(target);
    if (failing === undefined) return this.#runFirst(borrower, work);
    try {
      const result = await failing.policy.execute(work);
      this.#failing.delete(target);
      return result;
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw failing.last;
      failing.last = error;
      this.#failing.set(target, failing);
      throw error;
    }
  }

  /** Most never fail, and need nothing that counts failures. */
  async #runFirst<R>(borrower: Borrower, work: () => Promise<R>): Promise<R> {
    try {
      return await work();
    } catch (error) {
      const policy = this.#newPolicy();
      await policy.execute(() => Promise.reject(error)).catch(() => undefined);
      this.#failing.set(borrower.target, { policy, borrower, last: error, pausedUntil: 0 });
      throw error;
    }
  }

  #newPolicy(): CircuitBreakerPolicy {
    return circuitBreaker(handleWhen(this.#counts), {
      breaker: new ConsecutiveBreaker(5),
      halfOpenAfter: new ExponentialBackoff({ initialDelay: 200, maxDelay: 2_000 }),
    });
  }
}

interface Failing {
  readonly borrower: Borrower;
  readonly policy: CircuitBreakerPolicy;
  last: unknown;
  pausedUntil: number;
}

function stateOf({ state }: CircuitBreakerPolicy): BreakerState {
  if (state === CircuitState.Closed) return "closed";
  return state === CircuitState.HalfOpen ? "half-open" : "open";
}
