import type { Clock } from "./contracts/clock.ts";
import type { OutboxEntry } from "./contracts/outbox.ts";
import type { CentralRegistry } from "./contracts/registry.ts";
import { outsideTenancy } from "./outside-tenancy.ts";

/** Who hears of central host names. */
interface CentralListener {
  /** All that the registry keeps. */
  found(names: readonly string[]): void;
  /** The registry could not be asked; once until it could. */
  failed(error: unknown): void;
}

/** Reads the registry's central host names, and again whenever a change of any process tells that they changed. */
export class CentralFollower {
  readonly #registry: CentralRegistry;
  readonly #clock: Clock;
  readonly #listener: CentralListener;
  readonly #stop = new AbortController();
  #position = 0;
  #hasFailed = false;
  #reading: Promise<void> = Promise.resolve();
  #following: Promise<void> | undefined;
  #remove: (() => void) | undefined;

  constructor(registry: CentralRegistry, clock: Clock, listener: CentralListener) {
    this.#registry = registry;
    this.#clock = clock;
    this.#listener = listener;
  }

  /** Throws what the registry throws. */
  async start(): Promise<void> {
    const { changes } = this.#registry;
    this.#position = await changes.last();
    await this.read();
    this.#remove = changes.onCommit((entries) => {
      if (entries.some(isCentral)) void this.read().catch(() => undefined);
    });
    this.#following = outsideTenancy(() => this.#follow());
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#remove?.();
    await this.#following;
  }

  /** One after the other, so that an earlier answer is never taken for a later one. */
  read(): Promise<void> {
    const reading = this.#reading.then(async () => {
      const names = await this.#registry.transaction(({ centralDomains }) => centralDomains.list());
      this.#listener.found(names);
    });
    this.#reading = reading.catch(() => undefined);
    return reading;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#clock.sleep(period, signal).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await this.#catchUp();
        this.#hasFailed = false;
      } catch (error) {
        if (!this.#hasFailed && !signal.aborted) this.#listener.failed(error);
        this.#hasFailed = true;
      }
    }
  }

  /** The position moves only once what is behind it was read. */
  async #catchUp(): Promise<void> {
    const { changes } = this.#registry;
    const last = await changes.last();
    if (last === this.#position) return;
    // A registry that was put back to an earlier state.
    if (last < this.#position) await this.read();
    for (let from = this.#position; from < last; ) {
      const entries = await changes.readAfter(from, batch);
      if (entries.some(isCentral)) await this.read();
      from = entries.at(-1)?.sequence ?? last;
    }
    this.#position = last;
  }
}

function isCentral({ type }: OutboxEntry): boolean {
  return type.startsWith("central.");
}

/** Milliseconds between two looks. */
const period = 750;
const batch = 1_000;
