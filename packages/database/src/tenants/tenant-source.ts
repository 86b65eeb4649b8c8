import type { TenantDatabase } from "@af-tenancy/core";
import type { ConnectionSource } from "../connection/connection-source.ts";
import type { ReplicaHealth } from "../connection/pool/replica-health.ts";

/** Where leases of connections to one tenant's database come from. */
export interface TenantSource extends ConnectionSource {
  readonly database: TenantDatabase;
  /** There is never more than one connection, so that whoever holds it waits in vain for another. */
  readonly single: boolean;
  /** The ways to the same data on read replicas, the one that serves the tenant first; none where absent. */
  readonly replicas?: readonly TenantReplica[];
  /** What is read there may be older than what was written last. */
  readonly mayLag?: boolean;
  /** Has the owner checked again before the next lease. */
  recheck?(): void;
}

/** One tenant's database on a read replica of its server. */
export interface TenantReplica {
  readonly name: string;
  readonly source: ConnectionSource;
  /** How the replica does, for all tenants. */
  readonly health: ReplicaHealth;
}
