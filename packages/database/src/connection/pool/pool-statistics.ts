import { type Borrower, targetOf } from "./borrower.ts";
import type { Closer } from "./closer.ts";
import type { IdleConnections } from "./idle-connections.ts";
import type { Leases } from "./leases.ts";
import type { Opener } from "./opener.ts";
import type { Places } from "./places.ts";
import type { PoolEvents } from "./pool-events.ts";
import type { WaitingLine } from "./waiting-line.ts";

/** How the connections to one server are used. */
export interface PoolStatistics {
  /** The id of the server, as placements carry it. */
  readonly server: string;
  /** How many connections there may be at the moment; fewer than configured while the server has none left. */
  readonly limit: number;
  /** Connections that are open: idle and leased ones. */
  readonly open: number;
  readonly opening: number;
  readonly closing: number;
  readonly leased: number;
  /** How many wait for a lease. */
  readonly waiting: number;
  /** How many leases there were so far. */
  readonly leases: number;
  /** How many connections were opened so far. */
  readonly opened: number;
  /** The share of leases that needed no new connection, from 0 to 1. */
  readonly reuse: number;
  /** How many waited in vain so far. */
  readonly exhausted: number;
  /** Tenants that have used a connection and are remembered. */
  readonly tenants: readonly TenantStatistics[];
  /** Databases that could not be opened the last time. */
  readonly failing: readonly FailingDatabase[];
}

/** How one tenant uses connections. */
export interface TenantStatistics {
  readonly tenantId: string;
  /** Connections that are open to its database, those that it shares with other tenants among them. */
  readonly open: number;
  readonly leased: number;
  readonly waiting: number;
  readonly leases: number;
  readonly opened: number;
}

/** How a breaker stands: `open` refuses without a try, `half-open` lets one try. */
export type BreakerState = "closed" | "open" | "half-open";

/** A database that could not be opened the last time. */
export interface FailingDatabase {
  readonly tenantId: string;
  readonly name: string;
  readonly breaker: BreakerState;
}

interface PoolParts {
  readonly server: string;
  readonly places: Pick<Places, "limit">;
  readonly opener: Pick<Opener, "size" | "breakers">;
  readonly closer: Pick<Closer, "size">;
  readonly leases: Leases;
  readonly idle: IdleConnections;
  readonly line: Pick<WaitingLine, "size">;
  readonly borrowers: Iterable<Borrower>;
  readonly counts: PoolEvents["counts"];
}

/** Looks at the parts of a pool. */
export function poolStatistics(parts: PoolParts): PoolStatistics {
  const { server, places, opener, closer, leases, idle, line, borrowers, counts } = parts;
  const openTo = new Map<string, number>();
  for (const connection of [...idle, ...[...leases].map(({ pooled }) => pooled)]) {
    const target = targetOf(connection);
    openTo.set(target, (openTo.get(target) ?? 0) + 1);
  }
  return {
    ...{ server, limit: places.limit, open: idle.size + leases.size },
    ...{ opening: opener.size, closing: closer.size, leased: leases.size, waiting: line.size },
    ...counts,
    reuse: counts.leases === 0 ? 1 : 1 - counts.opened / counts.leases,
    tenants: [...borrowers].map((borrower) => tenantStatistics(borrower, openTo)),
    failing: opener.breakers.failing,
  };
}

function tenantStatistics(
  { database, target, leased, waiting, leases, opened }: Borrower,
  openTo: ReadonlyMap<string, number>,
): TenantStatistics {
  const { tenantId } = database;
  return { tenantId, open: openTo.get(target) ?? 0, leased, waiting, leases, opened };
}
