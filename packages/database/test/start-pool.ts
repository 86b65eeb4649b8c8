import { type Clock, systemClock } from "@af-tenancy/core";
import { onTestFinished } from "vitest";
import type { ConnectionLease } from "../src/connection/connection-lease.ts";
import type {
  ConnectionBudget,
  DriverConnections,
  ServerConnection,
} from "../src/connection/driver-connections.ts";
import type { LeaseRequest } from "../src/connection/lease-request.ts";
import { Borrower } from "../src/connection/pool/borrower.ts";
import { ConnectionPool } from "../src/connection/pool/connection-pool.ts";
import { memoryDriver, openInMemory } from "./memory-driver.ts";

/** How a pool is made for a test. */
export interface StartPoolOptions extends ConnectionBudget, Partial<DriverConnections> {
  readonly maxWait?: number;
  readonly checkoutDeadline?: number;
  readonly failsOver?: boolean;
  readonly clock?: Clock;
  depth?(): number;
  /** Called before a connection is opened. */
  opening?(tenantId: string): void | Promise<void>;
  /** Called before one is closed. */
  closing?(tenantId: string): void | Promise<void>;
}

/** A pool of SQLite databases in memory, and what it does with them. */
export interface StartedPool {
  readonly pool: ConnectionPool;
  /** Whose database was opened, each time. */
  readonly opened: readonly string[];
  /** Whose database was closed, each time. */
  readonly closed: readonly string[];
  /** How many were open at the same time at most. */
  readonly most: { readonly open: number };
  /** The connections that are open, the oldest first. */
  readonly open: readonly ServerConnection[];
  borrower(tenantId: string): Borrower;
  lease(tenantId: string, request?: LeaseRequest): Promise<ConnectionLease>;
  /** Takes a lease and gives it back, after a while or at once. */
  use(tenantId: string, milliseconds?: number): Promise<void>;
  /** Has every open connection break. */
  lose(): void;
}

/** Makes the pool; it is closed when the test is over. */
export function startPool(options: StartPoolOptions): StartedPool {
  const { maxWait = 50, clock = systemClock(), opening, closing, ...rest } = options;
  const { key, seat, enter, isShared, isFull, depth, checkoutDeadline, failsOver, ...budget } =
    rest;
  const driver = memoryDriver();
  const opened: string[] = [];
  const closed: string[] = [];
  const open = new Map<ServerConnection, () => void>();
  const most = { open: 0 };
  const borrowers = new Map<string, Borrower>();
  const connections = {
    key: key ?? (({ placement }) => placement.name),
    async open({ tenantId }) {
      await opening?.(tenantId);
      const real = await openInMemory();
      opened.push(tenantId);
      const { destroy } = real;
      const connection: ServerConnection = Object.assign(real, {
        async destroy() {
          await closing?.(tenantId);
          await new Promise(setImmediate);
          await destroy.call(real);
          open.delete(connection);
          closed.push(tenantId);
        },
        onLost: (listener: () => void) => void open.set(connection, listener),
      });
      open.set(connection, () => {});
      most.open = Math.max(most.open, open.size);
      return connection;
    },
    ...(seat && { seat }),
    ...(enter && { enter }),
    ...(isShared && { isShared }),
    ...(isFull && { isFull }),
  } satisfies Omit<DriverConnections, "budget">;
  const pool = new ConnectionPool({
    ...{ server: "default", connections, budget, clock, maxWait },
    ...(depth && { depth }),
    ...(checkoutDeadline && { checkoutDeadline }),
    ...(failsOver && { failsOver }),
  });
  onTestFinished(() => pool.close(0));

  function borrower(tenantId: string): Borrower {
    const database = { tenantId, placement: driver.place(tenantId, 1) };
    const known = borrowers.get(tenantId) ?? new Borrower(database, connections);
    borrowers.set(tenantId, known);
    return known;
  }
  async function lease(tenantId: string, request?: LeaseRequest): Promise<ConnectionLease> {
    return pool.lease(borrower(tenantId), request);
  }
  async function use(tenantId: string, milliseconds = 0): Promise<void> {
    const taken = await lease(tenantId);
    if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds));
    await taken.release();
  }
  return {
    ...{ pool, opened, closed, most, borrower, lease, use },
    get open() {
      return [...open.keys()];
    },
    lose() {
      for (const listener of open.values()) listener();
    },
  };
}
