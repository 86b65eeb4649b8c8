import type { LayerStats } from "./layer-counts.ts";
import type { RedisState } from "./layers/redis-connection.ts";

/** What the layers of one process did, and how they are. */
export interface CacheStats {
  readonly memory: LayerStats & {
    readonly tenants: number;
    readonly references: number;
    readonly unknown: number;
  };
  /** `undefined` where there is none. */
  readonly redis: (LayerStats & { readonly state: RedisState }) | undefined;
  readonly registry: LayerStats;
  /** Changes that dropped something or might have. */
  readonly changes: number;
  /** Milliseconds since all changes were known; `Infinity` before the first time. */
  readonly heardAllAgo: number;
}
