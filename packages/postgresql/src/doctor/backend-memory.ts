import type { RunSql } from "@af-tenancy/database";
import { literal, quoted } from "../quoted.ts";
import type { PostgresqlCheck, PostgresqlPatient } from "./postgresql-patient.ts";

/** A process of the server remembers every table that it has seen, of every tenant's schema, until it ends. */
export const backendMemory: PostgresqlCheck = {
  id: "postgresql/backend-memory",
  severity: "warning",
  remedy:
    "Spread the tenants over more servers or databases, keep the larger ones in databases of their own, or give the server the memory and raise maxBackendMemory.",

  async look(patient) {
    const { server, strategies, maxBackendMemory, budget, run } = patient;
    if (!strategies.has("schema")) return [];
    const [count] = await run<{ readonly schemas: string; readonly tables: string }>(countSql);
    const [schemas, tables] = [Number(count?.schemas), Number(count?.tables)];
    // A connection that serves so many leases and is closed then meets no more schemas than that.
    const met = Math.min(schemas, budget.maxUses ?? schemas);
    const each = await bytesOfTable(patient);
    const expected = schemas === 0 ? 0 : (tables / schemas) * met * each;
    if (expected <= maxBackendMemory) return [];
    const message =
      `${tables} tables in ${schemas} schemas of tenants come to ${mebibytes(expected)} MiB in a process of the server ` +
      `that has met ${met} of them, at ${Math.round(each)} bytes a table; ${mebibytes(maxBackendMemory)} MiB are allowed.`;
    return [{ subject: `server "${server}"`, message }];
  },
};

const countSql =
  "select count(distinct t.relnamespace) as schemas, count(*) as tables from pg_class m " +
  "join pg_class t on t.relnamespace = m.relnamespace and t.relkind in ('r', 'p') " +
  "where m.relname = '_tenancy_owner' and m.relkind = 'r' and t.oid <> m.oid";

/** Measured where the server shows its memory, and where there is a schema to measure with. */
async function bytesOfTable({ tenants, inTwo, run }: PostgresqlPatient): Promise<number> {
  const [may] = await run<{ readonly look: boolean }>(mayLookSql);
  const schemas = tenants
    .filter(({ placement }) => placement.strategy === "schema")
    .slice(0, sample)
    .map(({ placement }) => placement.name);
  if (!may?.look || schemas.length === 0) return usual;
  return inTwo(async (one) => (await measured(one, schemas)) ?? usual);
}

async function measured(run: RunSql, schemas: readonly string[]): Promise<number | undefined> {
  const found = await run<{ readonly nspname: string; readonly relname: string }>(
    "select nspname, relname from pg_class c join pg_namespace n on n.oid = relnamespace where relkind in ('r', 'p') " +
      `and nspname in (${schemas.map(literal).join(", ")}) and has_table_privilege(c.oid, 'SELECT')`,
  );
  if (found.length < enough) return undefined;
  const tables = found.map(({ nspname, relname }) => `${quoted(nspname)}.${quoted(relname)}`);
  const before = await memory(run);
  for (const table of tables) await run(`select * from ${table} limit 0`);
  return (Number(await memory(run)) - Number(before)) / tables.length;
}

async function memory(run: RunSql): Promise<string | undefined> {
  const [row] = await run<{ readonly bytes: string }>(
    "select sum(used_bytes) as bytes from pg_backend_memory_contexts",
  );
  return row?.bytes;
}

const mayLookSql =
  "select coalesce(has_function_privilege(to_regprocedure('pg_get_backend_memory_contexts()'), 'EXECUTE'), false) as look";

const sample = 5;

/** With fewer, what the server remembers of its own catalogs is most of what is measured. */
const enough = 20;

/** As measured with PostgreSQL 15: tables of a dozen columns with their indexes. */
const usual = 17_500;

function mebibytes(bytes: number): number {
  return Math.round((bytes / 1024 / 1024) * 10) / 10;
}
