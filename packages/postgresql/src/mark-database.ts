import { DatabaseOwnedError, type DatabaseOwner, type TenantDatabase } from "@af-tenancy/core";
import { markerAct, type RunSql, registryTable } from "@af-tenancy/database";
import { ownerOf } from "./manager-context.ts";
import { markerSql } from "./owner-marker.ts";
import { literal, quoted } from "./quoted.ts";

/**
 * Marks a schema that its tenant adopts, and does what else is to be done in the same transaction; `found` is the marker
 * that was seen in it. Whoever is faster makes this fail, so that it is looked at again. Throws `DatabaseOwnedError`.
 */
export async function markDatabase(
  run: RunSql,
  schema: string,
  database: TenantDatabase,
  found: DatabaseOwner | undefined,
  more: readonly string[] = [],
): Promise<void> {
  const act = markerAct(database, found);
  if (act === "nothing") return;
  if (act === "write") await assertPlain(run, schema, database);
  const owner = ownerOf(database);
  const marking = act === "write" ? markerSql(schema, owner) : raiseSql(schema, owner);
  await run([marking, ...more].join(";"));
}

/** Nobody's schema is no registry, and has no table that would be the marker. */
async function assertPlain(
  run: RunSql,
  schema: string,
  { placement: { name } }: TenantDatabase,
): Promise<void> {
  const [table] = await run<{ readonly name: string }>(
    "select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace " +
      `where n.nspname = ${literal(schema)} and c.relname in (${literal(registryTable)}, '_tenancy_owner')`,
  );
  if (table !== undefined) throw new DatabaseOwnedError(name, `whoever made "${table.name}" in it`);
}

function raiseSql(schema: string, { tenantId, generation }: DatabaseOwner): string {
  return `update ${quoted(schema)}._tenancy_owner set generation = ${generation} where tenant_id = ${literal(tenantId)}`;
}
