import { randomUUID } from "node:crypto";
import type { Clock } from "./contracts/clock.ts";
import type { CentralRegistry } from "./contracts/registry.ts";

/** Milliseconds after which a right is free whose holder died. */
export const leaseMs = 15_000;

/** A right by name that this process has: renewed while it is held, and gone for good once it was lost. */
export class HeldLease {
  readonly #registry: CentralRegistry;
  readonly #clock: Clock;
  readonly #name: string;
  readonly #leaseMs: number;
  readonly #owner = randomUUID();
  readonly #lost = new AbortController();
  readonly #released = new AbortController();
  #until = 0;

  private constructor(registry: CentralRegistry, clock: Clock, name: string, forMs: number) {
    this.#registry = registry;
    this.#clock = clock;
    this.#name = name;
    this.#leaseMs = forMs;
  }

  /** Takes a right, free again so many milliseconds after its holder's death; `undefined` while another process has it. */
  static async take(
    registry: CentralRegistry,
    clock: Clock,
    name: string,
    forMs: number = leaseMs,
  ): Promise<HeldLease | undefined> {
    const lease = new HeldLease(registry, clock, name, forMs);
    if (!(await lease.#claim())) return undefined;
    void lease.#keep();
    return lease;
  }

  /** Aborted when another process has it, or it could not be renewed in time. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** Whether it is this process's; false also where the process stood still for too long to be sure. */
  get isHeld(): boolean {
    if (this.#clock.monotonic() >= this.#until) this.#lost.abort();
    return !this.#lost.signal.aborted;
  }

  /** Gives it back at once. */
  async release(): Promise<void> {
    this.#released.abort();
    await this.#registry.transaction(({ leases }) => leases.release(this.#name, this.#owner));
  }

  async #claim(): Promise<boolean> {
    const asked = this.#clock.monotonic();
    const claimed = await this.#registry.transaction(({ leases }) =>
      leases.claim(this.#name, this.#owner, this.#leaseMs),
    );
    if (claimed) this.#until = asked + this.#leaseMs;
    return claimed;
  }

  async #keep(): Promise<void> {
    while (this.isHeld) {
      await this.#clock.sleep(this.#leaseMs / 3, this.#released.signal).catch(() => undefined);
      if (this.#released.signal.aborted) return;
      try {
        if (!(await this.#claim())) this.#lost.abort();
      } catch {
        // Tried again as long as it is held: the next look finds out.
      }
    }
  }
}
