import { ConfigurationError, DatabaseNotReadyError, type TenantDatabase } from "@af-tenancy/core";
import {
  type ConnectionBudget,
  type Credentials,
  DatabaseUnavailableError,
  type DialectDriver,
  type DriverConnections,
  type ReplicaConnections,
  sqlRunner,
} from "@af-tenancy/database";
import { codeOf } from "./code-of.ts";
import { type MysqlFlavour, wrongFlavour } from "./mysql-flavour.ts";
import type { MysqlServer, MysqlServers } from "./mysql-servers.ts";
import { MysqlSessionDriver, type Seat } from "./mysql-session-driver.ts";
import { serverError } from "./server-errors.ts";
import type { SharedTables } from "./shared-tables.ts";

/** What connections are opened with. */
export interface MysqlConnectionsOptions {
  readonly servers: MysqlServers;
  readonly flavour: MysqlFlavour;
  readonly maxConnections: number;
  /** Stands for the server, where these are the connections to one of its replicas. */
  readonly replica?: MysqlServer;
  readonly shared: SharedTables;
  /** Some tenants share tables. */
  readonly rows: boolean;
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
    const { replica = this.#options.servers.of(server), maxConnections } = this.#options;
    const { connectTimeout } = replica.address;
    return { connections: maxConnections, connectTimeout, ...keeping };
  }

  replicas(id: string): readonly ReplicaConnections[] {
    return this.#options.servers.replicas(id).map((replica) => {
      const { name, server, maxConnections = this.#options.maxConnections } = replica;
      const own = { ...this.#options, maxConnections, replica: server };
      return { name, connections: new MysqlConnections(own) };
    });
  }

  isFull(error: unknown): boolean {
    const cause = error instanceof DatabaseUnavailableError ? error.cause : error;
    return tooManyConnections.includes(codeOf(cause) ?? "");
  }

  key({ placement }: TenantDatabase): string {
    return placement.server;
  }

  seat(database: TenantDatabase): string {
    const { placement } = database;
    return placement.strategy === "row"
      ? this.#options.shared.seat(placement).key
      : seatKey(database);
  }

  async open(database: TenantDatabase): Promise<MysqlSessionDriver> {
    const server = this.#serverOf(database);
    try {
      const driver = await MysqlSessionDriver.open(
        { connection: server.client, limits: server.address },
        this.#seatOf(database),
      );
      await this.#checkServer(server, driver);
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
      seat = this.#makeSeat(database);
      this.#seats.set(database, seat);
    }
    return seat;
  }

  #makeSeat(database: TenantDatabase): Seat {
    const { shared, credentials } = this.#options;
    const { placement } = database;
    const { own } = this.#serverOf(database);
    if (placement.strategy === "row") return { ...shared.seat(placement), ...own };
    const user = credentials(database) ?? own;
    return { ...user, database: placement.name, key: seatKey(database) };
  }

  #serverOf(database: TenantDatabase): MysqlServer {
    return this.#options.replica ?? this.#options.servers.for(database);
  }

  async #checkServer({ id }: MysqlServer, driver: MysqlSessionDriver): Promise<void> {
    if (this.#known.has(id)) return;
    const run = sqlRunner(await driver.acquireConnection());
    const [row] = await run<{ readonly version: string; readonly modes: string }>(
      "select version() as version, @@global.sql_mode as modes",
    );
    const problem = this.#problemOf(id, row?.version ?? "", row?.modes ?? "");
    if (problem === undefined) {
      this.#known.add(id);
      return;
    }
    await driver.destroy();
    throw problem;
  }

  #problemOf(id: string, version: string, modes: string): ConfigurationError | undefined {
    const { flavour, rows } = this.#options;
    const wrong = wrongFlavour(flavour, id, version);
    if (wrong !== undefined) return wrong;
    const changing = modes.split(",").find((mode) => changesTexts.includes(mode));
    if (!rows || changing === undefined) return undefined;
    return new ConfigurationError(
      "strategies",
      `"row", and the server "${id}" has ${changing} in its sql_mode`,
      "take it out, because it changes where a text in SQL ends, which has to be known here.",
    );
  }
}

const changesTexts: readonly string[] = ["NO_BACKSLASH_ESCAPES", "ANSI_QUOTES"];

const tooManyConnections: readonly string[] = [
  "ER_CON_COUNT_ERROR",
  "ER_TOO_MANY_USER_CONNECTIONS",
];

const keeping = Object.freeze({ idleTimeout: 30_000, checkAfter: 15_000, maxLifetime: 600_000 });

function failureOf({ tenantId, placement }: TenantDatabase, error: unknown): Error {
  if (codeOf(error) === "ER_BAD_DB_ERROR") {
    const what = placement.strategy === "row" ? "to share tables in" : `"${placement.name}"`;
    return new DatabaseNotReadyError(tenantId, `there is no database ${what}`);
  }
  return serverError(placement.name, error);
}

/** Another generation or another secret is another user, who trusts nothing of the one before. */
function seatKey({ tenantId, placement }: TenantDatabase): string {
  const { name, generation, secret = "" } = placement;
  return [tenantId, generation, name, secret].join("\0");
}
