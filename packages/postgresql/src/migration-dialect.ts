import type { PlacementStrategy } from "@af-tenancy/core";
import {
  type LockedPlace,
  type MigrationDialect,
  type RunSql,
  trackingTable,
} from "@af-tenancy/database";
import { literal, quoted } from "./quoted.ts";
import { codeOf } from "./server-errors.ts";
import { sqlStatements } from "./sql-statements.ts";

/** How PostgreSQL takes migrations: under an advisory lock that ends with their transaction, also behind a pooler. */
export const migrationDialect = Object.freeze<MigrationDialect>({
  transactional: true,
  cleans: true,
  table: `create table if not exists ${trackingTable} (id serial primary key, name varchar(255), executed_at timestamptz default current_timestamp)`,
  lock: (run, strategy) => lockBy(run, strategy, "pg_try_advisory_xact_lock"),
  // Behind a pooler the next statement may meet another session, so that this one is refused there.
  alone: {
    lock: (run, strategy) => lockBy(run, strategy, "pg_try_advisory_lock"),
    unlock: async (run) => void (await run(`select pg_advisory_unlock(${lockKey})`)),
  },
  endsTransaction: (sql) => endsTransaction(sql),
  limits: ({ lockMs = 5_000, statementMs }) => [
    `set local lock_timeout = ${lockMs}`,
    ...(statementMs === undefined ? [] : [`set local statement_timeout = ${statementMs}`]),
  ],
  async place(run, strategy) {
    const [row] = await run<{ readonly place: string }>(`select ${placeOf(strategy)} as place`);
    return row?.place;
  },
  isAt: (place, strategy) => `${placeOf(strategy)} = ${literal(place)}`,
  async clear(run) {
    const found = await run<{ readonly kind: string; readonly name: string }>(everything);
    for (const { kind, name } of found) await run(`drop ${kind} if exists ${quoted(name)} cascade`);
  },
  isLocked: (error) => codeOf(error) === "55P03",
});

/** The same lock of the server, by a function that takes it. */
async function lockBy(
  run: RunSql,
  strategy: PlacementStrategy,
  call: string,
): Promise<LockedPlace | undefined> {
  const [row] = await run<{ readonly got: boolean; readonly place: string }>(
    `select ${call}(${lockKey}) as got, ${placeOf(strategy)} as place`,
  );
  return row?.got === true ? { place: row.place } : undefined;
}

/** Words in bodies of functions, in texts and in comments mean nothing; savepoints are allowed. */
function endsTransaction(sql: string): boolean {
  let isBody = false;
  for (const [verb = "", ...words] of sqlStatements(sql) ?? []) {
    if (verb === "create" && words[words.indexOf("begin") + 1] === "atomic") isBody = true;
    else if (isBody && verb === "end") isBody = false;
    else if (!isBody && isControl(verb, words)) return true;
  }
  return false;
}

function isControl(verb: string, words: readonly string[]): boolean {
  if (verb === "rollback") return !words.includes("to");
  if (verb === "prepare") return words[0] === "transaction";
  return ["abort", "begin", "commit", "end", "start"].includes(verb);
}

function placeOf(strategy: PlacementStrategy): string {
  return strategy === "database" ? "current_database()" : "current_schema()";
}

/** A number of its own, so that an application's advisory locks on the same text are others. */
const space = 4_021_337;
const lockKey = `hashtextextended(current_database() || '.' || current_schema(), ${space})`;

/** Tables and views first, whose sequences go with them, then what else migrations make in a schema. */
const everything = `
  select kind, name from (
    select case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence'
      when 'f' then 'foreign table' else 'table' end as kind, relname as name, 1 as rank
    from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S', 'f')
      and relname <> '_tenancy_owner'
      and not exists (select 1 from pg_depend where objid = pg_class.oid and deptype in ('a', 'i', 'e') and classid = 'pg_class'::regclass)
    union all
    select 'type', typname, 2 from pg_type t where typnamespace = current_schema()::regnamespace and typtype in ('e', 'd', 'c')
      and not exists (select 1 from pg_class c where c.oid = t.typrelid and c.relkind <> 'c')
      and not exists (select 1 from pg_depend where objid = t.oid and deptype = 'e' and classid = 'pg_type'::regclass)
    union all
    select case prokind when 'p' then 'procedure' else 'function' end, proname, 3 from pg_proc
    where pronamespace = current_schema()::regnamespace and prokind in ('f', 'p')
      and not exists (select 1 from pg_depend where objid = pg_proc.oid and deptype = 'e' and classid = 'pg_proc'::regclass)
  ) as found order by rank, name`;
