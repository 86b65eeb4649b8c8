import type { PoolStatistics } from "../connection/pool/pool-statistics.ts";

/** How the connections to one server are used, and by which driver. */
export interface DatabaseStatistics extends PoolStatistics {
  readonly driver: string;
}
