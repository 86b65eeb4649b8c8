import {
  ConfigurationError,
  DatabaseOwnedError,
  type DatabaseOwner,
  type Placement,
  type TenantDatabase,
} from "@af-tenancy/core";
import {
  type DialectDriver,
  type RunSql,
  readRowOwner,
  rowOwners,
  type SharedDatabase,
  sqlRunner,
} from "@af-tenancy/database";
import { asAdmin } from "./as-admin.ts";
import { codeOf } from "./code-of.ts";
import { lockName } from "./lock-name.ts";
import type { MysqlServers } from "./mysql-servers.ts";
import { MysqlSessionDriver, type Seat } from "./mysql-session-driver.ts";
import { isNoMarker } from "./owner-table.ts";
import { checkPlacement, isDatabaseName } from "./placement-names.ts";
import { quoted } from "./quoted.ts";
import { atServer } from "./server-errors.ts";

/** The one database of each server in which tenants share tables. */
export class SharedTables implements SharedDatabase {
  readonly name: string;
  readonly #servers: MysqlServers;

  /** Throws `ConfigurationError` for a name that no database of tenants can have, or that another of the application's has. */
  constructor(servers: MysqlServers, name: string, central: string | undefined) {
    if (!isDatabaseName(name)) {
      const remedy = "give a name as tenants' databases have.";
      throw new ConfigurationError("sharedDatabase", JSON.stringify(name), remedy);
    }
    if (name === central || servers.ids.some((id) => servers.of(id).address.database === name)) {
      const what = `"${name}", which is the application's own`;
      throw new ConfigurationError("sharedDatabase", what, "give tenants another database.");
    }
    this.#servers = servers;
    this.name = name;
  }

  check(placement: Placement): void {
    checkPlacement(placement, "row");
    this.#servers.of(placement.server);
  }

  /** What is there already is looked at and left alone, so that a user without the right to make it will do. */
  async create({ server: id }: Placement): Promise<void> {
    const { name } = this;
    const server = this.#servers.of(id);
    await asAdmin(server, server.own, name, async (run) => {
      if (await this.#isReady(run)) return;
      await lockName(run, name);
      if (await this.#isReady(run)) return;
      await run(`create database if not exists ${quoted(name)} character set utf8mb4`);
      await run(`use ${quoted(name)}`);
      await run(`${rowOwners.createTable} ${byteEquality}`);
    });
  }

  async connect({ placement }: TenantDatabase): Promise<DialectDriver | undefined> {
    const { client, address } = this.#servers.of(placement.server);
    const seat = this.seat(placement);
    return atServer(this.name, async () => {
      const driver = await MysqlSessionDriver.open(
        { connection: client, limits: address },
        seat,
      ).catch(absent);
      if (driver === undefined) return undefined;
      if (await this.#isReady(sqlRunner(await driver.acquireConnection()))) return driver;
      await driver.destroy();
      return undefined;
    });
  }

  /** They all work as the same user in the same database, where each statement names its tenant. */
  seat({ server }: Placement): Seat {
    const { own } = this.#servers.of(server);
    return { ...own, database: this.name, key: `row\0${this.name}` };
  }

  quote(name: string): string {
    return quoted(name);
  }

  deleteSome(table: string, condition: string, limit: number): string {
    return `delete from ${table} where ${condition} limit ${limit}`;
  }

  /** Reads a tenant's marker; `undefined` when it has none. */
  async readOwner(run: RunSql, database: TenantDatabase): Promise<DatabaseOwner | undefined> {
    this.check(database.placement);
    try {
      return await readRowOwner(run, database);
    } catch (error) {
      if (isNoMarker(error)) return undefined;
      throw error;
    }
  }

  /** Tells whether the table of markers is there; throws `DatabaseOwnedError` when the database is somebody else's. */
  async #isReady(run: RunSql): Promise<boolean> {
    try {
      await run(`select name from ${quoted(this.name)}._tenancy_owner limit 0`);
      return true;
    } catch (error) {
      if (!isNoMarker(error)) throw error;
    }
    // Whoever came first may have made it since.
    const [found] = await run<{ readonly marked: number | string | null }>(
      `select max(table_name = '_tenancy_owner') as marked from information_schema.tables where table_schema = '${this.name}'`,
    );
    const marked = found?.marked ?? null;
    if (marked === null) return false;
    if (Number(marked) === 1) return true;
    throw new DatabaseOwnedError(this.name, "nobody known");
  }
}

/** Ids and names are told apart byte by byte. */
const byteEquality = "character set utf8mb4 collate utf8mb4_bin";

function absent(error: unknown): undefined {
  if (codeOf(error) === "ER_BAD_DB_ERROR") return undefined;
  throw error;
}
