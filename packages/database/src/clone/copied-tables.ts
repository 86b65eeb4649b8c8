import type { TenantDatabase } from "@af-tenancy/core";
import type { RunSql } from "../connection/dialect.ts";
import { CloneRefusedError } from "../errors.ts";
import { trackingTable } from "../migrations/migration-dialect.ts";
import { readTrack } from "../migrations/tracking.ts";
import type { RowTables } from "../row/row-tables.ts";
import { seedersTable } from "../seeding/seeder-dialect.ts";
import type { CopiedTable, CopyDialect } from "./copy-dialect.ts";

/** What of a database is copied, and what is compared. */
export interface FoundTables {
  /** The tables whose rows are a tenant's. */
  readonly tables: readonly CopiedTable[];
  /** Names of the migrations that the database has had, where it remembers them. */
  readonly migrations: readonly string[];
}

/** Finds what is copied: of shared tables those with the tenant column, else all but our own. */
export async function findTables(
  run: RunSql,
  dialect: Pick<CopyDialect, "tables">,
  shared: RowTables | undefined,
): Promise<FoundTables> {
  const found = await dialect.tables(run);
  if (shared !== undefined) {
    const tables = found.filter(({ name }) => shared.get(name) !== undefined);
    return { tables, migrations: [] };
  }
  const isTracked = found.some(({ name }) => name === trackingTable);
  const applied = isTracked ? (await readTrack(run)).applied : [];
  return {
    tables: found.filter(({ name }) => !ours.has(name)),
    migrations: applied.map(({ name }) => name).sort(),
  };
}

/** What a new tenant has or gets in another way. */
const ours: ReadonlySet<string> = new Set(["_tenancy_owner", trackingTable, seedersTable]);

/** Throws `CloneRefusedError` unless two databases have the same tables, columns and migrations. */
export function assertAlike(
  { placement: { name } }: TenantDatabase,
  theirs: FoundTables,
  own: FoundTables,
): void {
  const [before, after] = [described(theirs.tables), described(own.tables)];
  const names = new Set([...before.keys(), ...after.keys()]);
  const differing = [...names].filter((table) => before.get(table) !== after.get(table));
  if (differing.length > 0) {
    const tables = differing.slice(0, 10).map((table) => `"${table}"`);
    const why = `its tables are not those of a new tenant: see ${tables.join(", ")}`;
    throw new CloneRefusedError(name, why);
  }
  if (theirs.migrations.join() === own.migrations.join()) return;
  throw new CloneRefusedError(name, "it has not had the migrations of a new tenant");
}

function described(tables: readonly CopiedTable[]): ReadonlyMap<string, string> {
  return new Map(
    tables.map(({ name, columns }) => {
      const written = columns.map((one) => `${one.name} ${one.type}`).sort();
      return [name, JSON.stringify(written)];
    }),
  );
}
