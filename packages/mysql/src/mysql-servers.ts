import { ConfigurationError, InvalidInputError, type TenantDatabase } from "@af-tenancy/core";
import { type Credentials, namedReplicas } from "@af-tenancy/database";
import type { ConnectionOptions } from "mysql2";
import {
  type MysqlConnectionSettings,
  mergedSettings,
  type ServerAddress,
  type TlsSettings,
} from "./connection-options.ts";
import type { MysqlParts } from "./mysql-flavour.ts";

/** Settings by server id, each whole or only what differs from `connection`, or a function that gives them. */
export type ServerSettings =
  | Readonly<Record<string, MysqlConnectionSettings>>
  | ((server: string) => MysqlConnectionSettings | undefined);

/** One server: where it is, and how its client connects. */
export interface MysqlServer {
  readonly id: string;
  readonly address: ServerAddress;
  /** All but who connects, and to which database. */
  readonly client: ConnectionOptions;
  /** Whom the application's own connection is. */
  readonly own: Credentials;
}

/** A read replica of a server. */
export interface MysqlReplica {
  readonly name: string;
  /** How it is reached, under the id `<server>/<name>`. */
  readonly server: MysqlServer;
  readonly maxConnections: number | undefined;
}

/** The servers that tenants can be placed on. */
export class MysqlServers {
  readonly #connection: MysqlConnectionSettings;
  readonly #settings: ServerSettings;
  readonly #types: MysqlParts["types"];
  readonly #known = new Map<string, MysqlServer>();
  readonly #replicas = new Map<string, readonly MysqlReplica[]>();

  /** Throws `ConfigurationError`. */
  constructor(
    connection: MysqlConnectionSettings,
    settings: ServerSettings,
    types: MysqlParts["types"],
  ) {
    this.#connection = connection;
    this.#settings = settings;
    this.#types = types;
    this.#add("connection", "default", connection);
    if (typeof settings === "function") return;
    if (Object.hasOwn(settings, "default")) {
      throw new ConfigurationError("servers.default", "given", "describe it as `connection`.");
    }
    for (const [id, own] of Object.entries(settings)) {
      this.#add(`servers.${id}`, id, own);
    }
  }

  /** Those that are known by now. */
  get ids(): readonly string[] {
    return [...this.#known.keys()];
  }

  /** A server that the options name has read replicas, or one that is found by a function may have some. */
  get mayHaveReplicas(): boolean {
    if (typeof this.#settings === "function") return true;
    return [...this.#replicas.values()].some(({ length }) => length > 0);
  }

  /** Gives a server by its id; throws `InvalidInputError` when there is none. */
  of(id: string): MysqlServer {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const settings = typeof this.#settings === "function" ? this.#settings(id) : undefined;
    if (settings === undefined) {
      const rule = `configured are ${[...this.#known.keys()].join(", ")}; add it to "servers"`;
      throw new InvalidInputError("placement.server", id, rule);
    }
    return this.#add(`servers(${id})`, id, settings);
  }

  /** The server of a tenant's database. */
  for({ placement }: TenantDatabase): MysqlServer {
    return this.of(placement.server);
  }

  /** The read replicas of a server; throws `InvalidInputError` when there is no such server. */
  replicas(id: string): readonly MysqlReplica[] {
    this.of(id);
    return this.#replicas.get(id) ?? [];
  }

  #add(key: string, id: string, settings: MysqlConnectionSettings): MysqlServer {
    const address = mergedSettings(key, this.#connection, settings);
    const server = this.#serverAt(id, address);
    // Those of `connection` are no other server's.
    const named = namedReplicas(`${key}.replicas`, settings.replicas, address, (path, own) =>
      mergedSettings(path, address, own),
    );
    this.#known.set(id, server);
    this.#replicas.set(
      id,
      named.map(({ name, address: reached, maxConnections }) => ({
        ...{ name, maxConnections, server: this.#serverAt(`${id}/${name}`, reached) },
      })),
    );
    return server;
  }

  #serverAt(id: string, address: ServerAddress): MysqlServer {
    const { host, port, user, password, ssl, connectTimeout } = address;
    const client: ConnectionOptions = {
      ...{ host, port, connectTimeout, ...this.#types },
      ...(ssl !== false && { ssl: tlsOf(ssl) }),
      // A server may ask its client for any file; this client has no such ability.
      flags: ["-LOCAL_FILES"],
      multipleStatements: false,
    };
    return Object.freeze({ id, address, client, own: { user, password } });
  }
}

/** The client checks the name in a certificate only when it is told to. */
function tlsOf(ssl: true | TlsSettings): NonNullable<ConnectionOptions["ssl"]> {
  if (ssl === true) return { verifyIdentity: true };
  return { verifyIdentity: ssl.rejectUnauthorized !== false, ...ssl };
}
