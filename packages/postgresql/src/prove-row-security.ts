import { randomBytes } from "node:crypto";
import { RowsExposedError, type RowTables, type RunSql } from "@af-tenancy/database";
import { literal, quoted } from "./quoted.ts";
import {
  policyHash,
  readSecurity,
  type SecuredTable,
  secureTables,
  type TableSecurity,
} from "./row-level-security.ts";
import type { SharedSchemaNames } from "./shared-schema.ts";
import { rowSettings } from "./tenant-settings.ts";

/**
 * Proves that the server keeps tenants' rows apart, whatever SQL is sent: two sample tenants write and read raw in a
 * table that is taken back, and every shared table has its rules. Throws `RowsExposedError`.
 */
export async function proveRowSecurity(
  run: RunSql,
  names: SharedSchemaNames,
  tables: RowTables,
): Promise<void> {
  await checkRole(run, names);
  await checkTables(run, names, tables);
  await checkViews(run, names);
  await run("begin");
  try {
    await trySample(run, names, tables.column);
  } finally {
    await run("rollback");
  }
}

async function checkRole(run: RunSql, { role, schema }: SharedSchemaNames): Promise<void> {
  const [found] = await run<{ readonly super: boolean; readonly bypass: boolean }>(
    `select rolsuper as super, rolbypassrls as bypass from pg_roles where rolname = ${literal(role)}`,
  );
  if (found?.super) throw new RowsExposedError(`the role "${role}" is a superuser`, otherRole);
  if (found?.bypass) throw new RowsExposedError(`the role "${role}" has BYPASSRLS`, otherRole);
  const owned = await run<{ readonly name: string }>(
    "select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace " +
      `where n.nspname = ${literal(schema)} and c.relkind in ('r', 'p') and not c.relforcerowsecurity ` +
      `and pg_has_role(${literal(role)}, c.relowner, 'usage') and c.relname <> '_tenancy_owner'`,
  );
  const [table] = owned;
  if (table === undefined) return;
  throw new RowsExposedError(
    `the role "${role}" owns the table "${table.name}", whose policies are not forced`,
    `run: alter table ${quoted(schema)}.${quoted(table.name)} force row level security`,
  );
}

const otherRole = "let sharedRole name a role that is neither a superuser nor has BYPASSRLS";

async function checkTables(
  run: RunSql,
  { schema }: SharedSchemaNames,
  { all, column }: RowTables,
): Promise<void> {
  const found = new Map((await readSecurity(run, schema)).map((one) => [one.name, one]));
  const outdated: SecuredTable[] = [];
  for (const { name } of all) {
    const security = found.get(name);
    if (security === undefined) continue;
    const table = { name, column, force: true };
    const problem = problemOf(security);
    if (problem !== undefined) {
      const remedy = "db.migrate() of a tenant with the strategy row puts it right";
      throw new RowsExposedError(`the shared table "${name}" has ${problem}`, remedy);
    }
    const [other] = security.others;
    if (other !== undefined) {
      throw new RowsExposedError(
        `the policy "${other}" lets more rows of "${name}" through than the tenant's own`,
        `make it restrictive: drop policy ${quoted(other)}, create policy ... as restrictive`,
      );
    }
    if (security.hash !== policyHash(table)) outdated.push(table);
  }
  await secureTables(run, schema, outdated);
}

function problemOf({ enabled, forced, hash }: TableSecurity): string | undefined {
  if (!enabled) return "no row-level security";
  if (!forced) return "policies that are not forced";
  return hash === null ? "no policy of its tenants" : undefined;
}

/** A view reads with its owner's rights unless it is told otherwise, and a materialized one has no policies. */
async function checkViews(run: RunSql, { schema }: SharedSchemaNames): Promise<void> {
  const [view] = await run<{ readonly name: string }>(
    "select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace " +
      `where n.nspname = ${literal(schema)} and (c.relkind = 'm' or (c.relkind = 'v' and not ` +
      "coalesce(c.reloptions::text[] && array['security_invoker=true', 'security_invoker=on', 'security_invoker=1'], false)))",
  );
  if (view === undefined) return;
  throw new RowsExposedError(
    `the view "${view.name}" reads with the rights of its owner`,
    `run: alter view ${quoted(schema)}.${quoted(view.name)} set (security_invoker = true)`,
  );
}

async function trySample(run: RunSql, names: SharedSchemaNames, column: string): Promise<void> {
  const { schema, role } = names;
  const name = `_tenancy_probe_${randomBytes(6).toString("hex")}`;
  const table = `${quoted(schema)}.${quoted(name)}`;
  const as = (tenantId: string) => rowSettings(tenantId, schema, role);
  const insert = (tenantId: string) => `insert into ${table} values (${literal(tenantId)}, 1)`;
  await run(`create table ${table} (${quoted(column)} varchar(64) not null, id integer not null)`);
  await secureTables(run, schema, [{ name, column, force: true }]);
  await run(`grant select, insert on ${table} to ${quoted(role)}`);
  for (const tenantId of ["one", "other"]) await run(`${as(tenantId)};${insert(tenantId)}`);
  for (const tenantId of ["one", "other"]) {
    const rows = await run<Record<string, string>>(`${as(tenantId)};select * from ${table}`);
    if (rows.length !== 1 || rows[0]?.[column] !== tenantId) {
      throw new RowsExposedError(
        `a sample tenant read ${rows.length} rows of two tenants with one each`,
        otherRole,
      );
    }
  }
  await run("savepoint forged");
  const forged = await run(`${as("one")};${insert("other")}`).then(
    () => true,
    () => false,
  );
  await run("rollback to savepoint forged");
  if (forged) throw new RowsExposedError("a sample tenant wrote another's row", otherRole);
}
