import type { MaybePromise, TenantDatabase } from "@af-tenancy/core";
import type { DialectDriver } from "./dialect.ts";

/** Opens connections to a driver's databases and says how many there may be. */
export interface DriverConnections {
  /** What a server allows; throws a `TenancyError` for a server that is not configured. */
  budget(server: string): ConnectionBudget;
  /** Names what a connection is open to: connections of one key serve every tenant that has it. */
  key(database: TenantDatabase): string;
  /** Opens one connection; throws `DatabaseNotReadyError` when there is no such database, and never makes one. */
  open(database: TenantDatabase): Promise<ServerConnection>;
  /** Where entering costs a round trip: names for whom it does not once a connection was opened or entered for them. */
  seat?(database: TenantDatabase): string;
  /** Ties a connection that several tenants share to one of them, for one lease. */
  enter?(connection: DialectDriver, database: TenantDatabase): MaybePromise<DialectDriver>;
}

/** How many connections to one server a process may have. */
export interface ConnectionBudget {
  /** At most so many are open at any time, those that are being opened or closed among them. */
  readonly connections: number;
  /** At most so many of them serve one tenant; as many as there are when absent. */
  readonly perTenant?: number;
}

/**
 * One open connection: `acquireConnection()` gives it each time, `releaseConnection()` makes it clean for the next user
 * and rejects when it cannot, `destroy()` resolves once the server has let go of it.
 */
export interface ServerConnection extends DialectDriver {
  /** Calls back once when the connection breaks, also while nobody uses it. */
  onLost?(listener: () => void): void;
}
