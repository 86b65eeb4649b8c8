import type { DatabaseOwner } from "@af-tenancy/core";
import type { RunSql } from "../connection/dialect.ts";

/** The table inside each tenant database that says whose it is, in SQL that every driver understands. */
export const ownerMarker = Object.freeze({
  createTable:
    "create table _tenancy_owner (tenant_id varchar(64) not null primary key, generation integer not null, canary integer not null)",
  readOwner: "select * from _tenancy_owner",
  writeCanary: "update _tenancy_owner set canary = canary + 1",
  /** Takes the tenant's id and the generation. */
  insert: "insert into _tenancy_owner (tenant_id, generation, canary) values (?, ?, 0)",
  remove: "delete from _tenancy_owner",
});

/** Reads the marker of a database that has the table; `undefined` unless there is exactly one owner. */
export async function readOwnerMarker(run: RunSql): Promise<DatabaseOwner | undefined> {
  return ownerIn(await run<OwnerRow>(ownerMarker.readOwner));
}

/**
 * Gives the owner of whom a marker's rows speak; `undefined` unless there is exactly one.
 * A table that tenants share has a name for each owner, and is the marker of none, also while there is one only.
 */
export function ownerIn(rows: readonly OwnerRow[]): DatabaseOwner | undefined {
  const [row] = rows;
  if (row === undefined || rows.length > 1 || row.name !== undefined) return undefined;
  return Object.freeze({ tenantId: row.tenant_id, generation: Number(row.generation) });
}

/** A row of a marker. */
export interface OwnerRow {
  readonly tenant_id: string;
  readonly generation: number;
  readonly name?: string;
}
