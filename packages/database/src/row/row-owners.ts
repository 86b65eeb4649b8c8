import { DatabaseOwnedError, type DatabaseOwner, type TenantDatabase } from "@af-tenancy/core";
import type { RunSql } from "../connection/dialect.ts";

/**
 * The owner markers of tenants that share a database: one row for each, under the name of its placement. A tenant has
 * one at most, because its rows in the other tables bear its id and no generation.
 */
export const rowOwners = Object.freeze({
  createTable:
    "create table _tenancy_owner (name varchar(100) not null primary key, tenant_id varchar(64) not null, generation integer not null, canary integer not null, unique (tenant_id))",
});

/** Writes a tenant's marker unless it is there; throws `DatabaseOwnedError` when the name or the tenant's rows are another's. */
export async function claimRows(run: RunSql, database: TenantDatabase): Promise<void> {
  const { tenantId, placement } = database;
  if (await ownsRows(run, database)) return;
  const values = `'${placement.name}', '${tenantId}', ${placement.generation}, 0`;
  await run(
    `insert into _tenancy_owner (name, tenant_id, generation, canary) values (${values})`,
  ).catch(async (error: unknown) => {
    if (await ownsRows(run, database)) return;
    const [other] = await run<Marker>(`${select} where tenant_id = '${tenantId}'`);
    if (other === undefined) throw error;
    throw new DatabaseOwnedError(placement.name, describe(ownerOf(other)));
  });
}

/** Takes a tenant's marker away. */
export async function disclaimRows(
  run: RunSql,
  { tenantId, placement }: TenantDatabase,
): Promise<void> {
  await run(
    `delete from _tenancy_owner where name = '${placement.name}' and tenant_id = '${tenantId}'`,
  );
}

/** Tells whether a tenant's marker is there; throws `DatabaseOwnedError` when the name is another's. */
export async function ownsRows(run: RunSql, database: TenantDatabase): Promise<boolean> {
  const owner = await readRowOwner(run, database);
  if (owner === undefined) return false;
  const { tenantId, placement } = database;
  if (owner.tenantId === tenantId && owner.generation === placement.generation) return true;
  throw new DatabaseOwnedError(placement.name, describe(owner));
}

/** Reads whose rows a placement names. */
export async function readRowOwner(
  run: RunSql,
  { placement }: TenantDatabase,
): Promise<DatabaseOwner | undefined> {
  const [row] = await run<Marker>(`${select} where name = '${placement.name}'`);
  return row === undefined ? undefined : ownerOf(row);
}

interface Marker {
  readonly tenant_id: string;
  readonly generation: number;
}

const select = "select tenant_id, generation from _tenancy_owner";

function ownerOf({ tenant_id, generation }: Marker): DatabaseOwner {
  return Object.freeze({ tenantId: tenant_id, generation: Number(generation) });
}

function describe({ tenantId, generation }: DatabaseOwner): string {
  return `tenant "${tenantId}", generation ${generation}`;
}
