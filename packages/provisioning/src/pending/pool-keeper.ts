import { outsideTenancy, tellFailure } from "@af-tenancy/core";
import type { Workplace } from "../workplace.ts";
import { fillWhileFree } from "./fill-pool.ts";
import { countPending } from "./pool-stock.ts";

/** Fills the pool in the background whenever tenants were pulled, in one process at a time. */
export class PoolKeeper {
  readonly #workplace: Workplace;
  #running: Promise<void> | undefined;

  constructor(workplace: Workplace) {
    this.#workplace = workplace;
  }

  /** Begins to look how many there are; a no-op where the options say no number. */
  start(): void {
    const { keep, everyMs = 10_000 } = this.#workplace.pending;
    if (keep === undefined) return;
    this.#running ??= outsideTenancy(() => this.#keep(keep, everyMs));
  }

  /** Resolves once the work that was under way is over; the workplace has to be closing. */
  async close(): Promise<void> {
    await this.#running;
  }

  async #keep(keep: number, everyMs: number): Promise<void> {
    const { clock, closing } = this.#workplace;
    for (;;) {
      await clock.sleep(everyMs, closing).catch(() => undefined);
      if (closing.aborted) return;
      try {
        if ((await countPending(this.#workplace)) < keep)
          await fillWhileFree(this.#workplace, keep);
      } catch (error) {
        if (!closing.aborted) await tellFailure(this.#workplace, error, null);
      }
    }
  }
}
