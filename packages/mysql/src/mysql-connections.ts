import { ConfigurationError, DatabaseNotReadyError, type TenantDatabase } from "@af-tenancy/core";
import {
  type ConnectionBudget,
  type Credentials,
  DatabaseUnavailableError,
  type DialectDriver,
  type DriverConnections,
  sqlRunner,
} from "@af-tenancy/database";
import { codeOf } from "./code-of.ts";
import type { MysqlFlavour } from "./mysql-flavour.ts";
import type { MysqlServer, MysqlServers } from "./mysql-servers.ts";
import { MysqlSessionDriver, type Seat } from "./mysql-session-driver.ts";
import { serverError } from "./server-errors.ts";

/** What connections are opened with. */
export interface MysqlConnectionsOptions {
  readonly servers: MysqlServers;
  readonly flavour: MysqlFlavour;
  readonly maxConnections: number;
  /** Opens the credentials in a placement; `undefined` when it has none. */
  credentials(database: TenantDatabase): Credentials | undefined;
}

/** The connections of a server, which all its tenants share. */
export class MysqlConnections implements DriverConnections {
  readonly #options: MysqlConnectionsOptions;
  readonly #seats = new WeakMap<TenantDatabase, Seat>();
  readonly #known = new Set<string>();

  constructor(options: MysqlConnectionsOptions) {
    this.#options = options;
  }

  budget(server: string): ConnectionBudget {
    this.#options.servers.of(server);
    return { connections: this.#options.maxConnections, ...keeping };
  }

  isFull(error: unknown): boolean {
    const cause = error instanceof DatabaseUnavailableError ? error.cause : error;
    return tooManyConnections.includes(codeOf(cause) ?? "");
  }

  key({ placement }: TenantDatabase): string {
    return placement.server;
  }

  seat(database: TenantDatabase): string {
    return seatKey(database);
  }

  async open(database: TenantDatabase): Promise<MysqlSessionDriver> {
    const server = this.#options.servers.for(database);
    try {
      const driver = await MysqlSessionDriver.open(
        { connection: server.client, queryTimeout: server.address.queryTimeout },
        this.#seatOf(database),
      );
      await this.#checkFlavour(server, driver);
      return driver;
    } catch (error) {
      throw failureOf(database, error);
    }
  }

  enter(
    connection: DialectDriver,
    database: TenantDatabase,
  ): DialectDriver | Promise<DialectDriver> {
    const driver = connection as MysqlSessionDriver;
    const entering = driver.enter(this.#seatOf(database));
    if (entering === undefined) return driver;
    return Promise.resolve(entering).then(
      () => driver,
      (error) => Promise.reject(failureOf(database, error)),
    );
  }

  /** Opened once for each handle: the key ring's work is too dear for every query. */
  #seatOf(database: TenantDatabase): Seat {
    let seat = this.#seats.get(database);
    if (seat === undefined) {
      const own = this.#options.credentials(database) ?? this.#options.servers.for(database).own;
      seat = { ...own, database: database.placement.name, key: seatKey(database) };
      this.#seats.set(database, seat);
    }
    return seat;
  }

  async #checkFlavour({ id }: MysqlServer, driver: MysqlSessionDriver): Promise<void> {
    if (this.#known.has(id)) return;
    const run = sqlRunner(await driver.acquireConnection());
    const [row] = await run<{ readonly version: string }>("select version() as version");
    const version = row?.version ?? "";
    const found: MysqlFlavour = /mariadb/i.test(version) ? "mariadb" : "mysql";
    if (found !== this.#options.flavour) {
      await driver.destroy();
      const what = `"${this.#options.flavour}", and the server "${id}" says ${version}`;
      throw new ConfigurationError("flavour", what, `use flavour: "${found}".`);
    }
    this.#known.add(id);
  }
}

const tooManyConnections: readonly string[] = [
  "ER_CON_COUNT_ERROR",
  "ER_TOO_MANY_USER_CONNECTIONS",
];

const keeping = Object.freeze({ idleTimeout: 30_000, checkAfter: 15_000, maxLifetime: 600_000 });

function failureOf({ tenantId, placement }: TenantDatabase, error: unknown): Error {
  if (codeOf(error) === "ER_BAD_DB_ERROR") {
    return new DatabaseNotReadyError(tenantId, `there is no database "${placement.name}"`);
  }
  return serverError(placement.name, error);
}

/** Another generation or another secret is another user, who trusts nothing of the one before. */
function seatKey({ tenantId, placement }: TenantDatabase): string {
  const { name, generation, secret = "" } = placement;
  return [tenantId, generation, name, secret].join("\0");
}
