import { InvalidInputError, type TenantDatabase } from "@af-tenancy/core";
import { sqlRunner } from "../connection/dialect.ts";
import { inTransaction } from "../connection/in-transaction.ts";
import type { DriverMigrations } from "../migrations/driver-migrations.ts";
import type { RowTables } from "../row/row-tables.ts";
import type { TenantDriver } from "../tenants/tenant-driver.ts";
import type { TenantPreparation } from "../tenants/tenant-preparation.ts";
import { copiedSeeders } from "./copied-seeders.ts";
import { copyBetween } from "./copy-between.ts";
import { copyInPlace, type InPlaceParts, nameOwner } from "./copy-in-place.ts";

/** What copies the rows of one tenant to another one whose tables are made. */
export type CopyRows = (
  source: TenantDatabase,
  target: TenantDatabase,
  signal: AbortSignal,
) => Promise<void>;

/**
 * Makes what copies rows the way that a driver does, and empties the tables of the copy that are to be each tenant's own;
 * `undefined` where it copies none.
 */
export function rowCopies(
  driver: TenantDriver,
  preparation: TenantPreparation,
  rows: RowTables | undefined,
  listTables: string,
  migrations: Pick<DriverMigrations, "ownTablesIn"> | undefined,
): CopyRows | undefined {
  const copy = copiesOf(driver, preparation, rows, listTables);
  const quoting = driver.copying ?? driver.sharedDatabase;
  if (copy === undefined || migrations === undefined || quoting === undefined) return copy;
  return async (source, target, signal) => {
    await copy(source, target, signal);
    const { present } = await migrations.ownTablesIn(target);
    if (present.length === 0) return;
    await preparation.work(target, (lease) =>
      inTransaction(lease, async () => {
        const run = sqlRunner(lease.connection);
        for (const table of present) await run(`delete from ${quoting.quote(table)}`);
      }),
    );
  };
}

function copiesOf(
  { copying, copyingInPlace, sharedDatabase: removal, seeders: dialect }: TenantDriver,
  preparation: TenantPreparation,
  rows: RowTables | undefined,
  listTables: string,
): CopyRows | undefined {
  if (copying !== undefined) {
    return async (source, target, signal) => {
      assertSameKind(source, target);
      await preparation.work(
        source,
        (reader) =>
          preparation.work(
            target,
            async (writer) => {
              const sides = [
                { database: source, lease: reader },
                { database: target, lease: writer },
              ] as const;
              const seeders = dialect && (await copiedSeeders(...sides, { dialect, listTables }));
              const parts = { dialect: copying, rows, removal, seeders, signal };
              return copyBetween(...sides, parts);
            },
            always,
          ),
        always,
      );
    };
  }
  if (copyingInPlace === undefined) return undefined;
  return async (source, target, signal) => {
    assertSameKind(source, target);
    if (rows === undefined || removal === undefined) return;
    const parts: InPlaceParts = { dialect: copyingInPlace, rows, removal, signal };
    const copy = target.placement.strategy === "row" ? copyInPlace : nameOwner;
    await preparation.work(target, async (lease) => {
      await copy(lease, source, target, parts);
      if (dialect === undefined || copy === nameOwner) return;
      const sides = [
        { database: source, lease },
        { database: target, lease },
      ] as const;
      const run = sqlRunner(lease.connection);
      await (await copiedSeeders(...sides, { dialect, listTables }))?.(run, run);
    });
  };
}

const always = () => true;

function assertSameKind(source: TenantDatabase, { placement }: TenantDatabase): void {
  const { strategy } = source.placement;
  if (placement.strategy === strategy) return;
  throw new InvalidInputError("placement.strategy", placement.strategy, `use "${strategy}"`);
}
