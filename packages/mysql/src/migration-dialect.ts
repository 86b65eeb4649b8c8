import { type MigrationDialect, type RunSql, trackingTable } from "@af-tenancy/database";
import { codeOf } from "./code-of.ts";
import { lockOf } from "./lock-name.ts";
import { quoted } from "./quoted.ts";

/** How MySQL and MariaDB take migrations: their DDL cannot be taken back, and a named lock keeps other runners away. */
export function migrationDialect(isMariadb: boolean): MigrationDialect {
  return {
    transactional: false,
    table: `create table if not exists ${trackingTable} (id int unsigned not null auto_increment primary key, name varchar(255), executed_at timestamp default current_timestamp)`,
    async lock(run) {
      const place = await currentDatabase(run);
      const [row] = await run<{ readonly got: unknown }>(
        `select get_lock('${nameOf(place)}', 0) as got`,
      );
      return Number(row?.got) === 1 ? { place } : undefined;
    },
    async unlock(run) {
      await run(`do release_lock('${nameOf(await currentDatabase(run))}')`);
    },
    limits: ({ lockMs = 5_000, statementMs }) => [
      `set session lock_wait_timeout = ${seconds(lockMs)}`,
      `set session innodb_lock_wait_timeout = ${seconds(lockMs)}`,
      ...(statementMs === undefined ? [] : [limitOf(statementMs, isMariadb)]),
    ],
    place: (run) => currentDatabase(run),
    isLocked: (error) => codeOf(error) === "ER_LOCK_WAIT_TIMEOUT",
    async clear(run) {
      const found = await run<{ readonly type: string; readonly name: string }>(
        "select table_type as type, table_name as name from information_schema.tables where table_schema = database() " +
          "and table_name <> '_tenancy_owner'",
      );
      await run("set foreign_key_checks = 0");
      for (const { type, name } of found) {
        await run(`drop ${type === "VIEW" ? "view" : "table"} if exists ${quoted(name)}`);
      }
      await run("set foreign_key_checks = 1");
    },
  };
}

async function currentDatabase(run: RunSql): Promise<string> {
  const [row] = await run<{ readonly name: string }>("select database() as name");
  return row?.name ?? "";
}

/** Another one than that under which databases are made. */
function nameOf(database: string): string {
  return lockOf(`migrations of ${database}`);
}

/** The server counts in seconds. */
function seconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1_000));
}

function limitOf(milliseconds: number, isMariadb: boolean): string {
  if (isMariadb) return `set session max_statement_time = ${milliseconds / 1_000}`;
  return `set session max_execution_time = ${milliseconds}`;
}
