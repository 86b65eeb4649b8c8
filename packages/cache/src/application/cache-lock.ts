import {
  type CacheKey,
  type CacheLock,
  CacheLockTakenError,
  CacheUnavailableError,
  InvalidInputError,
  type MaybePromise,
} from "@af-tenancy/core";
import type { CacheParts } from "./cache-parts.ts";

/** What a lock works with. */
export interface LockParts extends Pick<CacheParts, "entries" | "clock" | "held" | "signal"> {
  readonly name: string;
  readonly ttl: number;
  readonly owner: string;
}

/** A lock as one entry: its text is the owner, and only the owner replaces it. */
export class StoredLock implements CacheLock {
  readonly owner: string;
  readonly #parts: LockParts;
  readonly #key: CacheKey;

  constructor(parts: LockParts) {
    this.owner = parts.owner;
    this.#parts = parts;
    this.#key = { kind: "lock", name: parts.name };
  }

  async acquire(wait = 0): Promise<boolean> {
    checkWait(wait);
    const { clock, signal } = this.#parts;
    const until = clock.monotonic() + wait;
    for (let pause = 10; ; pause = Math.min(pause * 2, longestPause)) {
      if (await this.#parts.held(() => this.#take())) return true;
      const left = until - clock.monotonic();
      if (left <= 0) return false;
      await clock.sleep(Math.min(left, pause * (0.5 + Math.random() / 2)), signal());
    }
  }

  release(): Promise<boolean> {
    return this.#parts.held(() => this.#giveBack());
  }

  extend(): Promise<boolean> {
    const { entries, ttl } = this.#parts;
    return this.#parts.held(() => entries.replace(this.#key, this.owner, this.owner, ttl));
  }

  /** The scope stays open until the lock is given back, also when its client has left. */
  run<R>(work: () => MaybePromise<R>, wait?: number): Promise<R> {
    return this.#parts.held(async () => {
      if (!(await this.acquire(wait))) throw new CacheLockTakenError(this.#parts.name);
      try {
        return await work();
      } finally {
        await this.#giveBack().catch(ignoreUnavailable); // it is free again when its time is over
      }
    });
  }

  #take(): Promise<boolean> {
    const { entries, ttl } = this.#parts;
    return entries.replace(this.#key, undefined, this.owner, ttl);
  }

  #giveBack(): Promise<boolean> {
    return this.#parts.entries.replace(this.#key, this.owner, undefined);
  }
}

const longestPause = 200;

function checkWait(wait: unknown): void {
  if (typeof wait === "number" && wait >= 0 && wait <= 86_400_000) return;
  throw new InvalidInputError("wait", String(wait), "pass milliseconds from 0 to 86,400,000");
}

function ignoreUnavailable(error: unknown): void {
  if (!(error instanceof CacheUnavailableError)) throw error;
}
