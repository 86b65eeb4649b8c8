import type { ConnectionOptions as TlsOptions } from "node:tls";
import { ConfigurationError } from "@af-tenancy/core";
import type { ReplicaSettings } from "@af-tenancy/database";

/** How a server is reached; what is absent is PostgreSQL's own default, and never read from the environment. */
export interface PostgresqlConnectionSettings {
  /** `127.0.0.1` when absent. */
  readonly host?: string;
  /** 5432 when absent. */
  readonly port?: number;
  /** `postgres` when absent. */
  readonly user?: string;
  readonly password?: string;
  /** Where databases are made from, and where schemas and rows are; `postgres` when absent. */
  readonly database?: string;
  /** `true` asks for TLS with a certificate that this machine trusts; an object says more. Off when absent. */
  readonly ssl?: boolean | TlsOptions;
  /** Milliseconds in which a connection has to be open; 5,000 when absent. */
  readonly connectTimeout?: number;
  /** Milliseconds after which a statement is given up and its connection closed; no limit when absent. */
  readonly queryTimeout?: number;
  /** Encoding of new databases, such as `UTF8`; the server's default when absent. */
  readonly encoding?: string;
  /** Collation and character types of new databases, such as `C` or `de_DE.UTF-8`; the server's default when absent. */
  readonly collation?: string;
  /** A pooler that hands out sessions by transaction, such as PgBouncer, stands in front of the server. */
  readonly pooler?: boolean;
  /** Read replicas of the server, from which `db.readOnly()` reads; what one leaves out is as it is for the server. */
  readonly replicas?: readonly PostgresqlReplicaSettings[];
}

/** How a read replica is reached, and how many connections to it there may be. */
export interface PostgresqlReplicaSettings
  extends ReplicaSettings,
    Omit<PostgresqlConnectionSettings, "replicas" | "encoding" | "collation"> {}

/** A server as it is reached, with nothing left open. */
export type ServerAddress = Required<Omit<PostgresqlConnectionSettings, Optional | "replicas">> &
  Pick<PostgresqlConnectionSettings, Optional>;

type Optional = "password" | "queryTimeout" | "encoding" | "collation";

/** Fills in what is absent and checks it; throws `ConfigurationError` naming the option under `key`. */
export function serverAddress(key: string, settings: PostgresqlConnectionSettings): ServerAddress {
  if (typeof settings !== "object" || settings === null) {
    throw new ConfigurationError(
      key,
      "no object",
      "give { host, port, user, password, database }; a URL cannot be merged with the other servers' settings.",
    );
  }
  const { replicas: _, ...own } = settings;
  const address = { ...defaults, ...definedOnly(own) };
  for (const name of Object.keys(address)) checkOption(key, name, address);
  return Object.freeze(address);
}

const defaults = Object.freeze({
  host: "127.0.0.1",
  port: 5432,
  user: "postgres",
  database: "postgres",
  ssl: false,
  connectTimeout: 5_000,
  pooler: false,
});

const known: Readonly<Record<string, (value: unknown) => boolean>> = {
  host: isText,
  port: isCount,
  user: isText,
  password: (value) => typeof value === "string",
  database: isText,
  ssl: (value) => typeof value === "boolean" || (typeof value === "object" && value !== null),
  connectTimeout: isCount,
  queryTimeout: isCount,
  encoding: isLocale,
  collation: isLocale,
  pooler: (value) => typeof value === "boolean",
};

function checkOption(key: string, name: string, address: object): void {
  const value: unknown = Reflect.get(address, name);
  const path = `${key}.${name}`;
  const isRight = known[name];
  if (isRight === undefined) {
    throw new ConfigurationError(path, "no option", `use ${Object.keys(known).join(", ")}.`);
  }
  if (isRight(value)) return;
  const shown = name === "password" ? "no text" : JSON.stringify(value);
  throw new ConfigurationError(path, String(shown), "see PostgresqlConnectionSettings.");
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "" && !value.includes("\0");
}

function isLocale(value: unknown): boolean {
  return typeof value === "string" && /^[A-Za-z0-9_.@-]+$/.test(value);
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0;
}

function definedOnly(settings: PostgresqlConnectionSettings): PostgresqlConnectionSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
