import type { RunSql, TablesToMake } from "@af-tenancy/database";
import { lockName, unlockName } from "./lock-name.ts";
import { type MergedDdl, mergeDdl } from "./merge-ddl.ts";

/**
 * Makes the tables of the current database that are not there. Each comes with its indexes and foreign keys or not at
 * all, also those to tables that come after it, because the server cannot take DDL back; triggers and views follow. Others
 * who do the same in this database wait, because nobody else keeps them from meeting.
 */
export async function makeTables(
  run: RunSql,
  { statements, missing }: TablesToMake,
): Promise<void> {
  const { tables, others } = mergeDdl(statements);
  if ((await missing()).length === 0 && (await areAllThere(run, others))) return;
  const [current] = await run<{ readonly name: string }>("select database() as name");
  const name = current?.name ?? "";
  await lockName(run, name, lockSeconds);
  await run("set foreign_key_checks = 0");
  try {
    const absent = new Set(await missing());
    // A table that is made after those it refers to need not be found by the server once more.
    for (const [table, sql] of tables) if (absent.has(table)) await run(sql);
    const present = others.length === 0 ? new Set<string>() : await viewsAndTriggers(run);
    for (const other of others) if (!isIn(present, other)) await run(other.sql);
  } finally {
    await run("set foreign_key_checks = 1");
    await unlockName(run, name);
  }
}

type Others = MergedDdl["others"];

async function areAllThere(run: RunSql, others: Others): Promise<boolean> {
  if (others.length === 0) return true;
  const present = await viewsAndTriggers(run);
  return others.every((other) => other.name === undefined || isIn(present, other));
}

/** Those of the current database. */
async function viewsAndTriggers(run: RunSql): Promise<ReadonlySet<string>> {
  const rows = await run<{ readonly name: string }>(
    `select table_name as name from information_schema.views where table_schema = database()
     union select trigger_name from information_schema.triggers where trigger_schema = database()`,
  );
  return new Set(rows.map(({ name }) => name));
}

function isIn(present: ReadonlySet<string>, { name = "" }: Others[number]): boolean {
  return present.has(name);
}

const lockSeconds = 30;
