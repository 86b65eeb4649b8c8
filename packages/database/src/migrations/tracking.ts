import type { AppliedMigration } from "@af-tenancy/core";
import type { RunSql } from "../connection/dialect.ts";
import { trackingTable } from "./migration-dialect.ts";

/** Before the name of a migration that is under way; no name begins with it. */
const mark = "~";

/** What a database remembers of its migrations. */
export interface Track {
  readonly applied: readonly AppliedMigration[];
  readonly dirty: string | undefined;
}

/** Reads what a database remembers; its tables are there. */
export async function readTrack(run: RunSql): Promise<Track> {
  return trackOf(await run<TrackRow>(readTrackSql));
}

/** SQL for the rows of which `trackOf` makes what a database remembers. */
export const readTrackSql = `select name, executed_at from ${trackingTable} order by id`;

/** One row of MikroORM's table of migrations. */
export interface TrackRow {
  readonly name: string;
  readonly executed_at: unknown;
}

export function trackOf(rows: readonly TrackRow[]): Track {
  const applied = rows.filter(({ name }) => !name.startsWith(mark));
  const dirty = rows.find(({ name }) => name.startsWith(mark));
  return {
    applied: applied.map(({ name, executed_at }) => ({
      name: name.replace(/\.[cm]?[jt]s$/, ""),
      at: timeOf(executed_at),
    })),
    dirty: dirty?.name.slice(mark.length),
  };
}

/** SQL that remembers a migration, or forgets it; names of migrations need no quoting. */
export function trackSql(name: string, method: "up" | "down"): string {
  if (method === "up") return `insert into ${trackingTable} (name) values ('${name}')`;
  return `delete from ${trackingTable} where name in ('${name}', '${name}.js', '${name}.ts')`;
}

/** SQL that remembers several. */
export function trackAllSql(names: readonly string[]): string {
  return `insert into ${trackingTable} (name) values ('${names.join("'), ('")}')`;
}

/** SQL that remembers a migration, or forgets it, where a condition holds. */
export function trackSqlWhere(name: string, method: "up" | "down", condition: string): string {
  if (method === "down") return `${trackSql(name, method)} and ${condition}`;
  return `insert into ${trackingTable} (name) select '${name}' where ${condition}`;
}

/** SQL that gives a row for each of these that is remembered, where a condition holds. */
export function trackedSqlWhere(names: readonly string[], condition: string): string {
  const list = names.map((name) => `'${name}'`).join(", ");
  return `select name from ${trackingTable} where name in (${list}) and ${condition}`;
}

/** SQL that says a migration has begun that cannot be taken back. */
export function dirtySql(name: string): string {
  return `insert into ${trackingTable} (name) values ('${mark}${name}')`;
}

/** SQL that says that none is under way. */
export const cleanSql = `delete from ${trackingTable} where name like '${mark}%'`;

/** Milliseconds since 1970; text without a zone is in UTC, and PostgreSQL writes a zone without its minutes. */
function timeOf(value: unknown): number {
  if (value instanceof Date) return value.getTime();
  if (typeof value === "number") return value;
  const text = String(value)
    .replace(" ", "T")
    .replace(/(T.*[+-]\d\d)$/, "$1:00");
  return Date.parse(/(?:z|T.*[+-]\d\d:\d\d)$/i.test(text) ? text : `${text}Z`);
}
