import type { MaybePromise, TenantDatabase } from "@af-tenancy/core";
import type { DialectConnection, DialectDriver } from "./dialect.ts";

/** Opens connections to a driver's databases and says how many there may be. */
export interface DriverConnections {
  /** What a server allows; throws a `TenancyError` for a server that is not configured. */
  budget(server: string): ConnectionBudget;
  /**
   * Names what a connection is open to, and with whose credentials where it is for one tenant alone: connections of one
   * key serve every tenant that has it.
   */
  key(database: TenantDatabase): string;
  /** Opens one connection; throws `DatabaseNotReadyError` when there is no such database, and never makes one. */
  open(database: TenantDatabase): Promise<ServerConnection>;
  /** Where entering costs a round trip: names for whom it does not once a connection was opened or entered for them. */
  seat?(database: TenantDatabase): string;
  /** Ties a connection that several tenants share to one of them, for one lease. */
  enter?(connection: DialectDriver, database: TenantDatabase): MaybePromise<PromptDriver>;
  /** Other tenants have the same key; where absent, they have wherever connections are entered. */
  isShared?(database: TenantDatabase): boolean;
  /** Tells whether opening failed because the server has as many connections as it allows. */
  isFull?(error: unknown): boolean;
  /** The read replicas of a server, which is asked for once; it has none where absent. */
  replicas?(server: string): readonly ReplicaConnections[];
}

/** How tenants' databases are reached on a read replica of their server. */
export interface ReplicaConnections {
  /** Its name among the replicas of its server. */
  readonly name: string;
  /** Take the server of a placement for the replica; there is a budget of its own. */
  readonly connections: DriverConnections;
}

/** How many connections to one server a process may have, and how long it keeps them. */
export interface ConnectionBudget {
  /** At most so many are open at any time, those that are being opened or closed among them. */
  readonly connections: number;
  /** At most so many of them serve one tenant; as many as there are when absent. */
  readonly perTenant?: number;
  /** Milliseconds in which the owner marker has to be read, as part of opening; no limit when absent. */
  readonly connectTimeout?: number;
  /** Milliseconds after which a connection that nobody uses is closed; for ever when absent. */
  readonly idleTimeout?: number;
  /** How many leases a connection serves before another takes its place; for ever when absent. */
  readonly maxUses?: number;
  /** Milliseconds that a connection lives before another takes its place; for ever when absent. */
  readonly maxLifetime?: number;
  /** Milliseconds after which a connection that nobody used is asked whether it is still there; never when absent. */
  readonly checkAfter?: number;
}

/** A driver that may tell at once what its promises would: each of them costs a query time. */
export interface PromptDriver extends DialectDriver {
  /** What `acquireConnection()` gives. */
  readonly connection?: DialectConnection;
  /** Its user left nothing that `releaseConnection()` would have to undo. */
  readonly isClean?: boolean;
}

/**
 * One open connection: `acquireConnection()` gives it each time, `releaseConnection()` makes it clean for the next user
 * and rejects when it cannot, `destroy()` resolves once the server has let go of it.
 */
export interface ServerConnection extends PromptDriver {
  /** Calls back once when the connection breaks, also while nobody uses it. */
  onLost?(listener: () => void): void;
}
