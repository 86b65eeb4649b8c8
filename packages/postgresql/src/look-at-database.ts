import type { DatabaseState } from "@af-tenancy/core";
import type { RunSql } from "@af-tenancy/database";
import { readOwnerComment } from "./owner-comment.ts";
import { readMarker } from "./owner-marker.ts";
import { literal } from "./quoted.ts";
import { codeOf } from "./server-errors.ts";

/** Runs work on a connection to the database itself. */
type Enter = <R>(work: (run: RunSql) => Promise<R>) => Promise<R>;

interface Row {
  readonly bytes: string;
  readonly comment: string | null;
  readonly invalid: boolean;
}

/**
 * Looks at what stands under a database's name, from a connection to another database. One that was left half dropped
 * has no marker that could be read, so that its comment has to say whose it was.
 */
export async function lookAtDatabase(
  run: RunSql,
  name: string,
  enter: Enter,
): Promise<DatabaseState | undefined> {
  const [found] = await run<Row>(
    "select case when datconnlimit = -2 then 0 else pg_database_size(oid) end as bytes, " +
      "shobj_description(oid, 'pg_database') as comment, datconnlimit = -2 or not datallowconn as invalid " +
      `from pg_database where datname = ${literal(name)}`,
  );
  if (found === undefined) return undefined;
  const bytes = Number(found.bytes);
  if (found.invalid) return { owner: readOwnerComment(found.comment), bytes };
  try {
    return { owner: await enter(readMarker), bytes };
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** It was dropped after it was seen. */
function isGone(error: unknown): boolean {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return /^(?:3D000|57P01)$/.test(codeOf(cause));
}
