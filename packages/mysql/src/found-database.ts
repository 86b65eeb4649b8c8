import type { DatabaseOwner, TenantDatabase } from "@af-tenancy/core";
import type { RunSql } from "@af-tenancy/database";
import { readOwnerTable } from "./owner-table.ts";
import { nameFor } from "./placement-names.ts";
import { quoted } from "./quoted.ts";

/** A database as it stands on the server. */
export interface FoundDatabase {
  /** Whose it is; `undefined` when nobody is known. */
  readonly owner: DatabaseOwner | undefined;
  /** The marker is there, so that it was made to the end. */
  readonly isMarked: boolean;
}

/**
 * Looks at a database and enters it; `undefined` when there is none. One that a crash left without its marker, half made
 * or half dropped, is known all the same: MariaDB writes the owner down in the statement that makes a database, and an
 * empty one whose name was made of a tenant's id and generation can be nobody else's.
 */
export async function findDatabase(
  run: RunSql,
  database: TenantDatabase,
): Promise<FoundDatabase | undefined> {
  const { name } = database.placement;
  const [found] = await run<{ readonly comment?: string }>(
    `select schema_name as name /*M!100500 , schema_comment as comment */
     from information_schema.schemata where schema_name = '${name}'`,
  );
  if (found === undefined) return undefined;
  await run(`use ${quoted(name)}`);
  const marked = await readOwnerTable(run);
  if (marked !== undefined) return { owner: marked, isMarked: true };
  const owner = found.comment ? ownerIn(found.comment) : await ownerOfEmpty(run, database);
  return { owner, isMarked: false };
}

/** The clause that writes the owner down, where the server knows it. */
export function ownerClause({ tenantId, generation }: DatabaseOwner): string {
  return `/*M!100500 comment = '${prefix}${tenantId} ${generation}' */`;
}

/** Writes the owner down beside a database that is there, where the server knows it. */
export async function noteOwner(run: RunSql, name: string, owner: DatabaseOwner): Promise<void> {
  const [server] = await run<{ readonly notes: unknown }>("select 0 /*M!100500 + 1 */ as notes");
  if (Number(server?.notes) === 0) return;
  await run(`alter database ${quoted(name)} ${ownerClause(owner)}`);
}

/** How much a database takes on the server's disk, as the server estimates it. */
export async function bytesOf(run: RunSql, name: string): Promise<number> {
  const [row] = await run<{ readonly bytes: unknown }>(
    `select coalesce(sum(data_length + index_length), 0) as bytes
     from information_schema.tables where table_schema = '${name}'`,
  );
  return Number(row?.bytes ?? 0);
}

const prefix = "af-tenancy ";

async function ownerOfEmpty(
  run: RunSql,
  { tenantId, placement }: TenantDatabase,
): Promise<DatabaseOwner | undefined> {
  const { name, generation } = placement;
  if (name !== nameFor(tenantId, generation)) return undefined;
  const [table] = await run(
    `select 1 from information_schema.tables where table_schema = '${name}' union all
     select 1 from information_schema.routines where routine_schema = '${name}' limit 1`,
  );
  return table === undefined ? { tenantId, generation } : undefined;
}

function ownerIn(comment: string): DatabaseOwner | undefined {
  if (!comment.startsWith(prefix)) return undefined;
  const [tenantId = "", generation] = comment.slice(prefix.length).split(" ");
  return { tenantId, generation: Number(generation) };
}
