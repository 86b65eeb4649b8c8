import type { CacheEntries, Clock } from "@af-tenancy/core";
import type { CheckedCachesOptions } from "./application-caches-options.ts";
import type { CacheEvents } from "./cache-events.ts";
import type { VersionedEntries } from "./cache-versions.ts";
import type { Flights } from "./flights.ts";

/** What a cache works with. */
export interface CacheParts {
  readonly settings: Pick<CheckedCachesOptions, "ttl" | "maxLength" | "onUnavailable">;
  readonly clock: Clock;
  readonly events: CacheEvents;
  readonly entries: CacheEntries;
  readonly versioned: VersionedEntries;
  /** The process's own, of all caches. */
  readonly flights: Flights;
  /** Tells this owner and store from all others. */
  readonly space: string;
  /** Does something while the scope is kept open; throws `ContextEndedError` after it. */
  readonly held: <R>(work: () => Promise<R>) => Promise<R>;
  /** Aborted when the scope ends; `undefined` where there is none. */
  readonly signal: () => AbortSignal | undefined;
}
