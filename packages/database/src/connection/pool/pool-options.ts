import type { Clock } from "@af-tenancy/core";
import type { ConnectionBudget, DriverConnections } from "../driver-connections.ts";

/** What a pool opens its connections with and how long it lets anybody wait. */
export interface ConnectionPoolOptions {
  /** The id of the server. */
  readonly server: string;
  readonly connections: Pick<DriverConnections, "open" | "enter" | "isFull">;
  readonly budget: ConnectionBudget;
  readonly clock: Clock;
  /** Milliseconds that anybody waits for a connection. */
  readonly maxWait: number;
  /** Milliseconds after which a lease counts as forgotten; never when absent. */
  readonly checkoutDeadline?: number;
  /** Whoever waits can go elsewhere: a connection that cannot be opened ends the wait, whatever others there are. */
  readonly failsOver?: boolean;
  /** How many connections the caller holds already. */
  depth?(): number;
}
