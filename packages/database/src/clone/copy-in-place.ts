import { setImmediate } from "node:timers/promises";
import type { TenantDatabase } from "@af-tenancy/core";
import type { ConnectionLease } from "../connection/connection-lease.ts";
import { sqlRunner } from "../connection/dialect.ts";
import { inTransaction } from "../connection/in-transaction.ts";
import { type RowRemoval, removeRows } from "../row/remove-rows.ts";
import type { RowTables } from "../row/row-tables.ts";
import type { InPlaceDialect } from "./copy-dialect.ts";
import { holdMarker } from "./hold-marker.ts";

/** What rows are copied with inside one database. */
export interface InPlaceParts {
  readonly dialect: InPlaceDialect;
  readonly rows: RowTables;
  readonly removal: RowRemoval;
  readonly signal: AbortSignal;
}

/** Gives a tenant the rows that another one has in the same tables, in one transaction, some in each statement. */
export async function copyInPlace(
  lease: ConnectionLease,
  source: TenantDatabase,
  target: TenantDatabase,
  { dialect, rows, removal, signal }: InPlaceParts,
): Promise<void> {
  const { connection } = lease;
  const run = sqlRunner(connection);
  const quote = (name: string) => removal.quote(name);
  const theirs = `${quote(rows.column)} = '${source.tenantId}'`;
  await inTransaction(lease, async () => {
    for (const sql of dialect.settings) await run(sql);
    await holdMarker(run, target);
    const present = await rows.present(run);
    await removeRows(present, rows.column, target.tenantId, connection, removal);
    for (const { name } of present) {
      const table = quote(name);
      const columns = await dialect.columns(run, name);
      const read = columns.map((one) =>
        one === rows.column ? `'${target.tenantId}'` : quote(one),
      );
      const into = `insert into ${table} (${columns.map(quote).join(", ")}) select ${read.join(", ")}`;
      for (let after = 0; ; ) {
        signal.throwIfAborted();
        const [found] = await run<{ readonly last: number | null }>(
          dialect.last(table, theirs, after, batch),
        );
        const last = found?.last;
        if (last === null || last === undefined) break;
        await run(`${into} from ${table} where ${theirs} and ${dialect.between(after, last)}`);
        after = last;
        await setImmediate();
      }
    }
  });
}

/** Has the tenant column of a database that was copied as a whole say whose it is now. */
export async function nameOwner(
  lease: ConnectionLease,
  source: TenantDatabase,
  target: TenantDatabase,
  { dialect, rows, removal }: InPlaceParts,
): Promise<void> {
  const run = sqlRunner(lease.connection);
  const column = removal.quote(rows.column);
  await inTransaction(lease, async () => {
    for (const sql of dialect.settings) await run(sql);
    await holdMarker(run, target);
    for (const { name } of await rows.present(run)) {
      const change = `${column} = '${target.tenantId}' where ${column} = '${source.tenantId}'`;
      await run(`update ${removal.quote(name)} set ${change}`);
    }
  });
}

/** How many rows are inserted by one statement. */
const batch = 1_000;
