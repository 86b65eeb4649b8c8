import { createHash } from "node:crypto";
import { DatabaseNotReadyError, type DatabaseOwner, type TenantDatabase } from "@af-tenancy/core";
import type { RunSql } from "../connection/dialect.ts";
import type { ReplicaPool } from "../connection/pool/server-pools.ts";
import type { TenantDriver } from "./tenant-driver.ts";
import { type ReplicaHandle, TenantHandle } from "./tenant-handle.ts";

/**
 * Makes the ways into a tenant's database on the replicas of its server; opens nothing. A tenant always comes to the
 * same one first, so that what it reads does not jump back in time, and tenants are spread over all.
 */
export function tenantReplicas(
  database: TenantDatabase,
  { readOwner }: Pick<TenantDriver, "readOwner">,
  pools: readonly ReplicaPool[],
): readonly ReplicaHandle[] {
  return rotated(pools, database.tenantId).map(({ name, pool, connections, health }) => {
    const driver = {
      connections,
      readOwner: async (run: RunSql, asked: TenantDatabase) =>
        arrived(await readOwner(run, asked), asked, name),
    };
    return { name, health, source: new TenantHandle(database, driver, pool) };
  });
}

/** A replica may lag behind: no marker yet, or that of an earlier generation, is no mix-up but a matter of time. */
function arrived(
  found: DatabaseOwner | undefined,
  { tenantId, placement: { generation } }: TenantDatabase,
  replica: string,
): DatabaseOwner {
  const isEarlier = found?.tenantId === tenantId && found.generation < generation;
  if (found !== undefined && !isEarlier) return found;
  throw new DatabaseNotReadyError(tenantId, `it has not arrived at the replica "${replica}"`);
}

function rotated<T>(list: readonly T[], key: string): readonly T[] {
  if (list.length < 2) return list;
  const start = createHash("sha256").update(key).digest().readUInt32BE() % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
