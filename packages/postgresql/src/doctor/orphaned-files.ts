import type { PostgresqlCheck } from "./postgresql-patient.ts";

/** A server that crashes while it makes a database keeps the files, and tells nobody of them. */
export const orphanedFiles: PostgresqlCheck = {
  id: "postgresql/orphaned-files",
  severity: "warning",
  remedy:
    "Stop the server, and move the folders out of its data folder if `select oid from pg_database` still has none of them.",

  async look({ server, run }) {
    const [may] = await run<{ readonly look: boolean }>(mayLookSql);
    if (!may?.look) return [];
    const folders = await run<{ readonly folder: string; readonly bytes: string }>(unownedSql);
    if (folders.length === 0) return [];
    const listed = folders.map(({ folder, bytes }) => `${folder} (${bytes} bytes)`).join(", ");
    const message = `Its data folder has what belongs to no database: ${listed}.`;
    return [{ subject: `server "${server}"`, message }];
  },
};

const mayLookSql =
  "select has_function_privilege('pg_ls_dir(text)', 'EXECUTE') and has_function_privilege('pg_ls_dir(text,boolean,boolean)', 'EXECUTE') " +
  "and has_function_privilege('pg_stat_file(text,boolean)', 'EXECUTE') as look";

/** What is under way, or was finished just now, is nobody's yet: only what is older than every transaction counts. */
const unownedSql =
  "with unowned as (select 'base/' || name as folder from pg_ls_dir('base') name " +
  "where name ~ '^[0-9]+$' and not exists (select from pg_database where oid = name::oid)) " +
  "select folder, (select coalesce(sum((pg_stat_file(folder || '/' || file, true)).size), 0) " +
  "from pg_ls_dir(folder, true, false) file) as bytes from unowned, pg_stat_file(folder, true) as found " +
  "where found.modification < now() - interval '1 minute' " +
  "and not exists (select from pg_stat_activity where xact_start <= found.modification) order by folder";
