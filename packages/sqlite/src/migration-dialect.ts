import { type MigrationDialect, PoolExhaustedError, trackingTable } from "@af-tenancy/database";
import { isBusy } from "./busy.ts";
import type { SqliteFileConnection } from "./sqlite-file-connection.ts";

/** How SQLite takes migrations: a transaction has the file for itself from its beginning. */
export const migrationDialect = Object.freeze<MigrationDialect>({
  transactional: true,
  table: `create table if not exists ${trackingTable} (id integer not null primary key autoincrement, name text, executed_at datetime default current_timestamp)`,
  runAll: (connection, statements) => (connection as SqliteFileConnection).runAll(statements),
  lock: async () => ({ place: undefined }),
  // A lock that another process holds on the file is waited for as every statement waits.
  limits: () => [],
  async clear(run) {
    await run("pragma defer_foreign_keys = on");
    const found = await run<{ readonly type: string; readonly name: string }>(
      "select type, name from sqlite_master where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\' " +
        "and name not like '\\_tenancy\\_owner' escape '\\' order by type desc",
    );
    for (const { type, name } of found) {
      await run(`drop ${type} if exists "${name.replaceAll('"', '""')}"`);
    }
  },
  isLocked: (error) => isBusy(error) || error instanceof PoolExhaustedError,
});
