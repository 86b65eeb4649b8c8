import type { TenantDatabase } from "@af-tenancy/core";
import type { ConnectionLease } from "../connection/connection-lease.ts";
import type { RunSql } from "../connection/dialect.ts";
import type { SeederDialect } from "../seeding/seeder-dialect.ts";
import { SeederRecords } from "../seeding/seeder-records.ts";

/** Has one database remember the seeders that another one has had, in the transactions that copy the rows. */
export type CopySeeders = (reading: RunSql, writing: RunSql) => Promise<void>;

/** What makes records of seeders. */
export interface SeedersOfCopies {
  readonly dialect: SeederDialect;
  /** SQL for the tables of a connection's database. */
  readonly listTables: string;
}

/** Makes room for the records, before a transaction that DDL would end; `undefined` where the other one has none. */
export async function copiedSeeders(
  source: { readonly database: TenantDatabase; readonly lease: ConnectionLease },
  target: { readonly database: TenantDatabase; readonly lease: ConnectionLease },
  { dialect, listTables }: SeedersOfCopies,
): Promise<CopySeeders | undefined> {
  const theirs = new SeederRecords(source.database, dialect, listTables);
  const own = new SeederRecords(target.database, dialect, listTables);
  const known = await theirs.readFrom(source.lease);
  if (known.size === 0) return undefined;
  await own.prepare(target.lease, [...known.keys()]);
  return async (reading, writing) => {
    for (const [name, record] of await theirs.read(reading)) await own.save(writing, name, record);
  };
}
