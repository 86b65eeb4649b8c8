import { randomBytes } from "node:crypto";
import { examine, RowsExposedError, type RowTables, type RunSql } from "@af-tenancy/database";
import { sharedRowsChecks } from "./doctor/shared-rows-checks.ts";
import { literal, quoted } from "./quoted.ts";
import {
  isOfOtherVersion,
  readSecurity,
  securedTables,
  secureTables,
} from "./row-level-security.ts";
import type { SharedSchemaNames } from "./shared-schema.ts";
import { rowSettings } from "./tenant-settings.ts";

/**
 * Proves that the server keeps tenants' rows apart, whatever SQL is sent: two sample tenants write and read raw in a
 * table that is taken back, and every shared table has its rules. Throws `RowsExposedError`.
 */
export async function proveRowSecurity(
  run: RunSql,
  names: ProvenNames,
  tables: RowTables,
): Promise<void> {
  await renewPolicies(run, names.schema, tables);
  await checkRules(run, names, tables);
  await run("begin");
  try {
    await trySample(run, names, tables.column);
  } finally {
    await run("rollback");
  }
}

/** Where it is to be proven. */
interface ProvenNames extends SharedSchemaNames {
  readonly server: string;
}

/** Throws `RowsExposedError` with everything that the doctor finds. */
async function checkRules(run: RunSql, names: ProvenNames, tables: RowTables): Promise<void> {
  const findings = await examine({ run, rows: { ...names, tables } }, sharedRowsChecks);
  if (findings.length === 0) return;
  const what = findings.map(({ subject, message }) => `${subject}: ${message}`);
  const remedies = new Set(findings.map(({ remedy }) => remedy));
  throw new RowsExposedError(names.server, what.join(" "), [...remedies].join(" "));
}

/** Makes policies of an older version anew; what was changed since it was made is not put right unasked. */
async function renewPolicies(run: RunSql, schema: string, tables: RowTables): Promise<void> {
  const found = new Map((await readSecurity(run, schema)).map((one) => [one.name, one]));
  const outdated = securedTables(tables).filter((table) => {
    const security = found.get(table.name);
    if (!security?.enabled || security.forced !== table.force) return false;
    return isOfOtherVersion(table, security);
  });
  await secureTables(run, schema, outdated);
}

const otherRole = "Let sharedRole name a role that is neither a superuser nor has BYPASSRLS.";

async function trySample(run: RunSql, names: ProvenNames, column: string): Promise<void> {
  const { server, schema, role } = names;
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
        server,
        `A sample tenant read ${rows.length} rows of two tenants with one each.`,
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
  if (forged) throw new RowsExposedError(server, "A sample tenant wrote another's row.", otherRole);
}
