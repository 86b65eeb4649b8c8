import { createHash } from "node:crypto";
import type { RunSql } from "@af-tenancy/database";
import { literal, quoted } from "./quoted.ts";
import { tenantVariable } from "./tenant-settings.ts";

/** A table whose rows the server keeps apart. */
export interface SecuredTable {
  readonly name: string;
  /** The column that says whose a row is. */
  readonly column: string;
  /** The owner of the table is kept to the tenant as well. */
  readonly force: boolean;
}

/** What the server knows of a table's rules. */
export interface TableSecurity {
  readonly name: string;
  readonly enabled: boolean;
  readonly forced: boolean;
  /** The hash of our policy; `null` where there is none. */
  readonly hash: string | null;
  /** Policies that let more rows through. */
  readonly others: readonly string[];
}

/** Has others who change the same wait until the transaction is over. */
export const alone = "select pg_advisory_xact_lock(hashtext('af-tenancy rows'))";

/** The name of the policies that are ours; all others are left alone. */
const policyName = "af_tenancy_rows";

/**
 * Sees to it that each table shows a tenant its own rows and takes no others: makes policies that are missing, and makes
 * those anew whose hash tells that they are of an older version. Without the tenant's variable every query fails.
 */
export async function secureTables(
  run: RunSql,
  schema: string,
  tables: readonly SecuredTable[],
): Promise<void> {
  const found = new Map((await readSecurity(run, schema)).map((one) => [one.name, one]));
  const sql = tables.flatMap((table) => securingSql(schema, table, found.get(table.name)));
  if (sql.length > 0) await run([alone, ...sql].join(";"));
}

/** Takes our policies away, and the rules with them where no other policy is left. */
export async function releaseTables(run: RunSql, schema: string): Promise<void> {
  const ours = (await readSecurity(run, schema)).filter(({ hash }) => hash !== null);
  const sql = ours.flatMap(({ name, others }) => {
    const table = `${quoted(schema)}.${quoted(name)}`;
    const drop = `drop policy ${policyName} on ${table}`;
    if (others.length > 0) return [drop];
    return [drop, `alter table ${table} no force row level security, disable row level security`];
  });
  if (sql.length > 0) await run(sql.join(";"));
}

/** Reads the rules of a schema's tables. */
export async function readSecurity(run: RunSql, schema: string): Promise<readonly TableSecurity[]> {
  return run<TableSecurity>(
    "select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced, " +
      `(select coalesce(obj_description(p.oid, 'pg_policy'), '') from pg_policy p where p.polrelid = c.oid and p.polname = '${policyName}') as hash, ` +
      `array(select p.polname::text from pg_policy p where p.polrelid = c.oid and p.polname <> '${policyName}' and p.polpermissive) as others ` +
      `from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = ${literal(schema)} and c.relkind in ('r', 'p') order by 1`,
  );
}

/** Tells the version of a table's policy. */
function policyHash({ column }: SecuredTable): string {
  return `af-tenancy ${createHash("sha256").update(ownRows(column)).digest("hex").slice(0, 16)}`;
}

function securingSql(
  schema: string,
  table: SecuredTable,
  found: TableSecurity | undefined,
): readonly string[] {
  const name = `${quoted(schema)}.${quoted(table.name)}`;
  const hash = policyHash(table);
  const sql: string[] = [];
  if (found?.enabled !== true) sql.push(`alter table ${name} enable row level security`);
  if (found?.forced !== table.force) {
    sql.push(`alter table ${name} ${table.force ? "" : "no "}force row level security`);
  }
  if (found?.hash === hash) return sql;
  const own = ownRows(table.column);
  return [
    ...sql,
    `drop policy if exists ${policyName} on ${name}`,
    `create policy ${policyName} on ${name} using (${own}) with check (${own})`,
    `comment on policy ${policyName} on ${name} is ${literal(hash)}`,
  ];
}

/** A variable that was never set is an error, and one that was unset again is no tenant. */
function ownRows(column: string): string {
  return `${quoted(column)} = nullif(current_setting('${tenantVariable}'), '')`;
}
