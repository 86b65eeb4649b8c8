import {
  InvalidInputError,
  isTenancyError,
  type Placement,
  type TenantDatabase,
} from "@af-tenancy/core";
import {
  type RowTables,
  type RunSql,
  rowOwners,
  type SharedDatabase,
  sqlRunner,
  trackingTable,
} from "@af-tenancy/database";
import type { ManagerSessions } from "./manager-sessions.ts";
import { checkPlacement } from "./placement-names.ts";
import type { PostgresqlDriver } from "./postgresql-driver.ts";
import type { PostgresqlServers } from "./postgresql-servers.ts";
import { proveRowSecurity } from "./prove-row-security.ts";
import { literal, quoted } from "./quoted.ts";
import { alone, owners, securedTables, secureTables, seeders } from "./row-level-security.ts";
import { typedServerError } from "./server-errors.ts";
import { rowSettings } from "./tenant-settings.ts";

/** Where tenants share tables, and as whom they reach them. */
export interface SharedSchemaNames {
  readonly schema: string;
  /** Owns nothing and may not bypass policies. */
  readonly role: string;
}

/** The one schema in which tenants share tables, kept apart by row-level security. */
export class SharedSchema implements SharedDatabase {
  readonly #servers: PostgresqlServers;
  readonly #sessions: ManagerSessions;
  readonly #names: SharedSchemaNames;
  readonly #proven = new Set<string>();
  readonly #proofs = new Map<string, Promise<void>>();
  #tables: RowTables | undefined;

  constructor(servers: PostgresqlServers, sessions: ManagerSessions, names: SharedSchemaNames) {
    this.#servers = servers;
    this.#sessions = sessions;
    this.#names = names;
  }

  check(placement: Placement): void {
    checkPlacement(placement);
    if (placement.strategy !== "row") {
      throw new InvalidInputError("placement.strategy", placement.strategy, 'use "row"');
    }
    this.#servers.address(placement.server);
  }

  /** SQL that each statement and transaction of a tenant begins with. */
  settings({ tenantId }: TenantDatabase): string {
    return rowSettings(tenantId, this.#names.schema, this.#names.role);
  }

  create({ server, name }: Placement): Promise<void> {
    return this.#session(server, name, (run) => this.#make(run));
  }

  async connect({ tenantId, placement }: TenantDatabase): Promise<PostgresqlDriver | undefined> {
    const { server, name } = placement;
    try {
      const driver = await this.#servers.open(this.#servers.address(server), { searchPath: "" });
      if (await this.#exists(sqlRunner(await driver.acquireConnection()))) {
        return driver.boundTo(rowSettings(tenantId, this.#names.schema));
      }
      await driver.destroy();
      return undefined;
    } catch (error) {
      throw isTenancyError(error) ? error : typedServerError(name, error);
    }
  }

  /** Lets the tenants' role at new tables, and at nobody's rows but the tenant's. */
  secure(server: string, tables: RowTables): Promise<void> {
    const { schema } = this.#names;
    return this.#session(server, schema, async (run) => {
      const present = await tablesIn(run, schema);
      await secureTables(run, schema, securedTables(tables));
      const sql = [
        ...(await exposedViews(run, schema)),
        ...(await lackingGrants(run, this.#names)),
        ...(present.has(trackingTable) ? readingTracks(this.#names) : []),
      ];
      if (sql.length > 0) await run([alone, ...sql].join(";"));
    });
  }

  /** Throws `RowsExposedError` unless each server that the options name keeps tenants apart. */
  async prove(tables: RowTables): Promise<void> {
    this.#tables = tables;
    for (const server of this.#servers.names) await this.proving(server);
  }

  /**
   * Proves it of one server, which the options may only find by its name, once: `undefined` when it has been proven. What
   * failed is tried again by the next call. Throws `RowsExposedError`.
   */
  proving(server: string): Promise<void> | undefined {
    if (this.#tables === undefined || this.#proven.has(server)) return undefined;
    const running = this.#proofs.get(server) ?? this.#prove(server, this.#tables);
    this.#proofs.set(server, running);
    return running.finally(() => this.#proofs.delete(server));
  }

  async #prove(server: string, tables: RowTables): Promise<void> {
    await this.#session(server, this.#names.schema, async (run) => {
      await this.#make(run);
      await proveRowSecurity(run, { ...this.#names, server }, tables);
    });
    this.#proven.add(server);
  }

  quote(name: string): string {
    return quoted(name);
  }

  deleteSome(table: string, condition: string, limit: number): string {
    const some = `select ctid from ${table} where ${condition} limit ${limit}`;
    return `delete from ${table} where ctid = any (array(${some}))`;
  }

  /** What is there is left as it is, so that a login without the right to make it will do. */
  async #make(run: RunSql): Promise<void> {
    const { schema, role } = this.#names;
    if (!(await this.#exists(run))) {
      const sql = [
        alone,
        makeRole(role),
        `create schema if not exists ${quoted(schema)}`,
        `set local search_path to ${quoted(schema)}`,
        rowOwners.createTable.replace("create table", "create table if not exists"),
        `grant usage on schema ${quoted(schema)} to ${quoted(role)}`,
        `grant select, update on _tenancy_owner to ${quoted(role)}`,
      ];
      await run(sql.join(";"));
    }
    await secureTables(run, schema, [owners, seeders]);
  }

  async #exists(run: RunSql): Promise<boolean> {
    return (await tablesIn(run, this.#names.schema)).has(owners.name);
  }

  async #session<R>(server: string, name: string, work: (run: RunSql) => Promise<R>): Promise<R> {
    try {
      return await this.#sessions.use(this.#servers.address(server), ({ run }) => work(run));
    } catch (error) {
      throw isTenancyError(error) ? error : typedServerError(name, error);
    }
  }
}

/** Roles belong to the whole server, so that another database may have made it. */
function makeRole(role: string): string {
  const make = `create role ${quoted(role)} nologin`;
  return (
    `do $make$ begin if not exists (select 1 from pg_roles where rolname = ${literal(role)}) then ${make}; end if; ` +
    `if not pg_has_role(current_user, ${literal(role)}, 'member') then grant ${quoted(role)} to current_user; end if; ` +
    "exception when duplicate_object or unique_violation then null; end $make$"
  );
}

async function tablesIn(run: RunSql, schema: string): Promise<ReadonlySet<string>> {
  const rows = await run<{ readonly name: string }>(
    `select tablename as name from pg_tables where schemaname = ${literal(schema)}`,
  );
  return new Set(rows.map(({ name }) => name));
}

/** SQL that lets tenants' role see how far the tables are, as verification does. */
function readingTracks({ schema, role }: SharedSchemaNames): readonly string[] {
  return [`grant select on ${quoted(schema)}.${quoted(trackingTable)} to ${quoted(role)}`];
}

/** SQL that has views read with the rights of whoever asks. */
async function exposedViews(run: RunSql, schema: string): Promise<readonly string[]> {
  const rows = await run<{ readonly sql: string }>(
    "select format('alter view %I.%I set (security_invoker = true)', n.nspname, c.relname) as sql " +
      `from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = ${literal(schema)} ` +
      "and c.relkind = 'v' and not coalesce(c.reloptions::text[] && array['security_invoker=true'], false)",
  );
  return rows.map(({ sql }) => sql);
}

/** What tenants' role may not write: the markers, and what is remembered of migrations. */
const ungranted = [owners.name, trackingTable].map(literal).join(", ");

/** SQL that lets the role at what it has no rights on yet. */
async function lackingGrants(
  run: RunSql,
  { schema, role }: SharedSchemaNames,
): Promise<readonly string[]> {
  const rows = await run<{ readonly sql: string }>(
    "select format(case c.relkind when 'S' then 'grant usage, select on sequence %I.%I to %I' " +
      `else 'grant select, insert, update, delete on %I.%I to %I' end, n.nspname, c.relname, ${literal(role)}) as sql ` +
      `from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = ${literal(schema)} ` +
      `and c.relname not in (${ungranted}) and case when c.relkind = 'S' ` +
      `then not has_sequence_privilege(${literal(role)}, c.oid, 'usage') when c.relkind in ('r', 'p', 'v') ` +
      `then not has_table_privilege(${literal(role)}, c.oid, 'delete') else false end`,
  );
  return rows.map(({ sql }) => sql);
}
