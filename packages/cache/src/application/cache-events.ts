import { type Channel, channel } from "node:diagnostics_channel";
import type { Clock } from "@af-tenancy/core";

/** What the application's caches do: `{ event, store, tenantId, milliseconds, error, ... }`; see docs/diagnostics.md. */
const applicationCacheChannel: Channel = channel("af-tenancy:application-cache");

/** What a cache did; keys and values are never told. */
export type CacheEvent = "read" | "made" | "written" | "counted" | "deleted" | "cleared";

/** Tells what one cache does, for as long as somebody listens. */
export class CacheEvents {
  readonly #clock: Clock;
  readonly #store: string;
  readonly #tenantId: string | null;

  /** `tenantId` is `null` for the cache that belongs to nobody. */
  constructor(clock: Clock, store: string, tenantId: string | null) {
    this.#clock = clock;
    this.#store = store;
    this.#tenantId = tenantId;
  }

  /** Does something and tells how long it took and what `counts` gives of it, or why it failed. */
  async timed<R>(
    event: CacheEvent,
    work: () => Promise<R>,
    counts?: (result: R) => Readonly<Record<string, number>>,
  ): Promise<R> {
    if (!applicationCacheChannel.hasSubscribers) return work();
    const startedAt = this.#clock.monotonic();
    try {
      const result = await work();
      this.#tell(event, startedAt, { ...counts?.(result), error: undefined });
      return result;
    } catch (error) {
      this.#tell(event, startedAt, { error });
      throw error;
    }
  }

  #tell(event: CacheEvent, startedAt: number, more: Readonly<Record<string, unknown>>): void {
    const milliseconds = this.#clock.monotonic() - startedAt;
    const labels = { event, store: this.#store, tenantId: this.#tenantId };
    applicationCacheChannel.publish({ ...labels, milliseconds, ...more });
  }
}
