import { ConfigurationError, InvalidInputError } from "@af-tenancy/core";
import {
  type Credentials,
  givenSettings,
  type NamedReplica,
  namedReplicas,
  type RunSql,
  sqlRunner,
} from "@af-tenancy/database";
import type { ClientConfig } from "pg";
import {
  type PostgresqlConnectionSettings,
  type ServerAddress,
  serverAddress,
} from "./connection-options.ts";
import { type OpenOptions, openConnection } from "./open-connection.ts";
import { PostgresqlDriver } from "./postgresql-driver.ts";

/** Other servers by name, or how they are found by name; what they leave out is as in `connection`. */
export type PostgresqlServerList =
  | Readonly<Record<string, PostgresqlConnectionSettings>>
  | ((server: string) => PostgresqlConnectionSettings | undefined);

/** A read replica of a server. */
export type PostgresqlReplica = NamedReplica<ServerAddress>;

/** A connection to a server, for one piece of work. */
export interface ServerSession {
  readonly run: RunSql;
  readonly driver: PostgresqlDriver;
}

/** The servers of an application: `default`, and those that are named beside it. */
export class PostgresqlServers {
  readonly #connection: PostgresqlConnectionSettings;
  readonly #default: ServerAddress;
  readonly #others: ReadonlyMap<string, ServerAddress>;
  readonly #replicas = new Map<string, readonly PostgresqlReplica[]>();
  readonly #find: ((server: string) => PostgresqlConnectionSettings | undefined) | undefined;
  readonly #types: ClientConfig["types"];

  /** Throws `ConfigurationError`. */
  constructor(
    connection: PostgresqlConnectionSettings,
    servers: PostgresqlServerList,
    types: ClientConfig["types"],
  ) {
    this.#connection = connection;
    this.#default = serverAddress("connection", connection);
    this.#replicas.set("default", replicasOf("connection", connection));
    this.#types = types;
    this.#find = typeof servers === "function" ? servers : undefined;
    const listed = typeof servers === "function" ? {} : servers;
    this.#others = new Map(
      Object.entries(listed).map(([name, settings]) => [name, this.#merged(name, settings)]),
    );
    for (const [name, settings] of Object.entries(listed)) this.#addReplicas(name, settings);
    if (this.#others.has("default")) {
      throw new ConfigurationError("servers.default", "given", "describe it as `connection`.");
    }
  }

  /** Those that the options name. */
  get names(): readonly string[] {
    return ["default", ...this.#others.keys()];
  }

  /** A server that the options name has read replicas, or one that is found by a function may have some. */
  get mayHaveReplicas(): boolean {
    if (this.#find !== undefined) return true;
    return [...this.#replicas.values()].some(({ length }) => length > 0);
  }

  /** How a server is reached; throws `InvalidInputError` for one that nobody named. */
  address(server: string): ServerAddress {
    if (server === "default") return this.#default;
    const listed = this.#others.get(server);
    if (listed !== undefined) return listed;
    const found = this.#find?.(server);
    if (found !== undefined) return this.#merged(server, found);
    throw new InvalidInputError("placement.server", server, "name it in postgresql({ servers })");
  }

  /** The read replicas of a server, which of one that a function found are as they were at first. */
  replicas(server: string): readonly PostgresqlReplica[] {
    const found = this.#replicas.get(server) === undefined ? this.#find?.(server) : undefined;
    if (found !== undefined) this.#addReplicas(server, found);
    return this.#replicas.get(server) ?? [];
  }

  /** Opens a connection to a database of a server, as the server's user or another. */
  async open(
    address: ServerAddress,
    { searchPath, ...login }: Partial<Credentials> & Pick<OpenOptions, "searchPath"> = {},
  ): Promise<PostgresqlDriver> {
    const types = this.#types;
    return PostgresqlDriver.over(
      await openConnection({ address: { ...address, ...login }, types, searchPath }),
    );
  }

  /** Runs work on a connection of its own. */
  async session<R>(
    address: ServerAddress,
    work: (session: ServerSession) => Promise<R>,
  ): Promise<R> {
    const driver = await this.open(address);
    try {
      return await work({ driver, run: sqlRunner(await driver.acquireConnection()) });
    } finally {
      await driver.destroy();
    }
  }

  #merged(name: string, settings: PostgresqlConnectionSettings): ServerAddress {
    const key = `servers.${name}`;
    return serverAddress(key, { ...this.#connection, ...givenSettings(key, settings) });
  }

  /** Those of `connection` are no other server's. */
  #addReplicas(name: string, settings: PostgresqlConnectionSettings): void {
    const { replicas } = settings;
    const key = `servers.${name}`;
    const merged = { ...this.#connection, ...givenSettings(key, settings), replicas };
    this.#replicas.set(name, replicasOf(key, merged));
  }
}

function replicasOf(
  key: string,
  settings: Omit<PostgresqlConnectionSettings, "replicas"> & {
    readonly replicas?: PostgresqlConnectionSettings["replicas"] | undefined;
  },
): readonly PostgresqlReplica[] {
  const { replicas, ...primary } = settings;
  return namedReplicas(`${key}.replicas`, replicas, serverAddress(key, primary), (path, own) =>
    serverAddress(path, { ...primary, ...own }),
  );
}
