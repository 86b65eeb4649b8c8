import type { Clock } from "@af-tenancy/core";
import { LinkedList } from "../linked-list.ts";
import type { Borrower } from "./borrower.ts";
import type { PoolLease } from "./pool-lease.ts";

/** What becomes of leases that do not come back in time: their users keep them, or lose them. */
export type Late = "kept" | "cut-off";

/** The leases that are out, the oldest first. */
export class Leases {
  readonly #out = new LinkedList<PoolLease>();
  #next: PromiseWithResolvers<void> | undefined;
  #bulk = 0;

  get size(): number {
    return this.#out.size;
  }

  /** How many of them are for background work. */
  get bulk(): number {
    return this.#bulk;
  }

  [Symbol.iterator](): Iterator<PoolLease> {
    return this.#out[Symbol.iterator]();
  }

  add(lease: PoolLease): void {
    this.#out.add(lease);
    if (lease.terms.bulk) this.#bulk += 1;
    lease.terms.borrower.leased += 1;
    lease.terms.borrower.leases += 1;
  }

  delete(lease: PoolLease): void {
    this.#out.delete(lease);
    if (lease.terms.bulk) this.#bulk -= 1;
    lease.terms.borrower.leased -= 1;
    this.#next?.resolve();
    this.#next = undefined;
  }

  /** Waits for a borrower's leases; `false` when some are still out, which those that are cut off never are. */
  async returned(
    borrower: Borrower,
    clock: Clock,
    milliseconds: number,
    late: Late = "kept",
  ): Promise<boolean> {
    const areBack = await this.until(() => borrower.leased === 0, clock, milliseconds);
    if (late === "kept") return areBack;
    const left = [...this.#out].filter(({ terms }) => terms.borrower === borrower);
    // What cannot be closed is retired and tried again; nobody has it any more.
    await Promise.allSettled(left.map((lease) => lease.end("dropped")));
    return true;
  }

  /** Waits until the condition holds, looking whenever a lease comes back; `false` when it does not hold in time. */
  async until(condition: () => boolean, clock: Clock, milliseconds: number): Promise<boolean> {
    const over = new AbortController();
    let isLate = false;
    const lateness = clock.sleep(milliseconds, over.signal).then(
      () => (isLate = true),
      () => undefined,
    );
    while (!condition() && !isLate) {
      this.#next ??= Promise.withResolvers();
      await Promise.race([this.#next.promise, lateness]);
    }
    over.abort();
    return condition();
  }
}
