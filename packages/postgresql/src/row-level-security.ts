import { createHash } from "node:crypto";
import { type RowTables, type RunSql, seedersTable } from "@af-tenancy/database";
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
  /** What our policy says, as the server has it; `null` where there is none. */
  readonly rule: string | null;
  /** Policies that let more rows through. */
  readonly others: readonly string[];
}

/** Has others who change the same wait until the transaction is over. */
export const alone = "select pg_advisory_xact_lock(hashtext('af-tenancy rows'))";

/** The name of the policies that are ours; all others are left alone. */
const policyName = "af_tenancy_rows";

/** The markers, which only the owner of the tables sees all of. */
export const owners: SecuredTable = Object.freeze({
  ...{ name: "_tenancy_owner", column: "tenant_id", force: false },
});

/** Which seeders each tenant has had. */
export const seeders: SecuredTable = Object.freeze({
  ...{ name: seedersTable, column: "tenant_id", force: true },
});

/** The tables in which each row is a tenant's: the application's, and what is remembered of tenants. */
export function securedTables({ all, column }: RowTables): readonly SecuredTable[] {
  return [owners, seeders, ...all.map(({ name }) => ({ name, column, force: true }))];
}

/**
 * Sees to it that each table that is there shows a tenant its own rows and takes no others: makes policies that are
 * missing, and makes those anew that say anything else. Without the tenant's variable every query fails.
 */
export async function secureTables(
  run: RunSql,
  schema: string,
  tables: readonly SecuredTable[],
): Promise<void> {
  const found = new Map((await readSecurity(run, schema)).map((one) => [one.name, one]));
  const sql = tables.flatMap((table) => {
    const security = found.get(table.name);
    return security === undefined ? [] : securingSql(schema, table, security);
  });
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
      `(select ${ruleSql} from pg_policy p where p.polrelid = c.oid and p.polname = '${policyName}') as rule, ` +
      `array(select p.polname::text from pg_policy p where p.polrelid = c.oid and p.polname <> '${policyName}' and p.polpermissive) as others ` +
      `from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = ${literal(schema)} and c.relkind in ('r', 'p') order by 1`,
  );
}

/** Tells whether our policy of a table, if it has one, says what it was made to say. */
export function isAsMade(table: SecuredTable, { rule }: TableSecurity): boolean {
  return rule === null || rulesOf(table).includes(rule);
}

/** Tells whether another version of this package made a table's policy. */
export function isOfOtherVersion(table: SecuredTable, { hash }: TableSecurity): boolean {
  return hash !== null && hash !== policyHash(table);
}

/** Tells the version of a table's policy. */
function policyHash({ column }: SecuredTable): string {
  return `af-tenancy ${createHash("sha256").update(ownRows(column)).digest("hex").slice(0, 16)}`;
}

function securingSql(schema: string, table: SecuredTable, found: TableSecurity): readonly string[] {
  const name = `${quoted(schema)}.${quoted(table.name)}`;
  const sql: string[] = [];
  if (!found.enabled) sql.push(`alter table ${name} enable row level security`);
  if (found.forced !== table.force) {
    sql.push(`alter table ${name} ${table.force ? "" : "no "}force row level security`);
  }
  if (found.hash === policyHash(table) && isAsMade(table, found)) return sql;
  const own = ownRows(table.column);
  return [
    ...sql,
    `drop policy if exists ${policyName} on ${name}`,
    `create policy ${policyName} on ${name} using (${own}) with check (${own})`,
    `comment on policy ${policyName} on ${name} is ${literal(policyHash(table))}`,
  ];
}

/** A variable that was never set is an error, and one that was unset again is no tenant. */
function ownRows(column: string): string {
  return `${quoted(column)} = nullif(current_setting('${tenantVariable}'), '')`;
}

/** For which commands and roles a policy lets rows through, and which rows. */
const ruleSql =
  "concat(p.polcmd, case when p.polpermissive then ' permissive' end, ' ', p.polroles::text, " +
  "' using ', pg_get_expr(p.polqual, p.polrelid), ' check ', pg_get_expr(p.polwithcheck, p.polrelid))";

/** What the server says of `ownRows`: it casts a column that is no `text`, and quotes a name that is a word of SQL. */
function rulesOf({ column }: SecuredTable): readonly string[] {
  const own = `NULLIF(current_setting('${tenantVariable}'::text), ''::text)`;
  return [column, quoted(column)]
    .flatMap((name) => [`(${name} = ${own})`, `((${name})::text = ${own})`])
    .map((rows) => `* permissive {0} using ${rows} check ${rows}`);
}
