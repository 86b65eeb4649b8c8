import { RegistryNewerError, TransactionTimeoutError } from "@af-tenancy/core";
import type { Transaction } from "@mikro-orm/core";
import type { MikroORM } from "@mikro-orm/sql";
import type { RegistryLock, RegistryMigration, RegistryTables } from "./registry-driver.ts";

/**
 * Brings the registry's tables up to date, one process at a time. Throws `RegistryNewerError`, before anything is
 * changed, when a newer version of the packages made them.
 */
export async function migrateRegistry(orm: MikroORM, tables: RegistryTables): Promise<void> {
  await orm.em.getConnection().transactional(async (transaction) => {
    const run = sqlIn(orm, transaction);
    if (tables.lock !== undefined) await waitForOthers(run, tables.lock);
    await run(tables.journal);
    const journal = await run<Entry>("select name, executed_at from registry_migrations");
    const known = new Set(tables.migrations.map(({ name }) => name));
    const newer = journal.find(({ name }) => !known.has(name));
    if (newer !== undefined) throw new RegistryNewerError(newer.name);
    for (const migration of tables.migrations) {
      const begun = journal.find(({ name }) => name === migration.name);
      if (begun !== undefined && begun.executed_at !== null) continue;
      await apply(run, migration, tables, begun !== undefined);
    }
  });
}

interface Entry {
  readonly name: string;
  /** `null` while it is under way, where the database cannot make it as a whole. */
  readonly executed_at: unknown;
}

type Run = <Row>(sql: string) => Promise<readonly Row[]>;

function sqlIn(orm: MikroORM, transaction: Transaction): Run {
  return async <Row>(sql: string) =>
    (await orm.em.getConnection().execute(sql, [], "all", transaction)) as unknown as Row[];
}

async function waitForOthers(run: Run, { sql, patience }: RegistryLock): Promise<void> {
  const [row] = await run<{ readonly got: unknown }>(sql);
  if (Number(row?.got) !== 1) throw new TransactionTimeoutError(patience);
}

async function apply(
  run: Run,
  { name, statements }: RegistryMigration,
  { isThere }: RegistryTables,
  interrupted: boolean,
): Promise<void> {
  if (isThere === undefined) {
    for (const statement of statements) await run(statement);
    await run(
      `insert into registry_migrations (name, executed_at) values ('${name}', current_timestamp)`,
    );
    return;
  }
  if (!interrupted) {
    await run(`insert into registry_migrations (name, executed_at) values ('${name}', null)`);
  }
  for (const statement of statements) {
    try {
      await run(statement);
    } catch (error) {
      if (!interrupted || !isThere(error)) throw error;
    }
  }
  await run(
    `update registry_migrations set executed_at = current_timestamp where name = '${name}'`,
  );
}
