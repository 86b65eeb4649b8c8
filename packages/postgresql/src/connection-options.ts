import type { ConnectionOptions as TlsOptions } from "node:tls";
import {
  checkSettings,
  givenSettings,
  type ReplicaSettings,
  type SettingRules,
  serverDefaults,
} from "@af-tenancy/database";

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
  /**
   * Milliseconds after which a statement is given up and its connection closed; no limit when absent, 30,000 on a
   * replica.
   */
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
  const { replicas: _, ...own } = givenSettings(key, settings);
  const address = { ...defaults, ...own };
  checkSettings(key, address, rules);
  return Object.freeze(address);
}

const defaults = Object.freeze({
  ...serverDefaults,
  ...{ port: 5432, user: "postgres", database: "postgres", pooler: false },
});

const rules: SettingRules = {
  encoding: [isLocale, "give the name of an encoding, such as UTF8."],
  collation: [isLocale, "give the name of a collation, such as C or de_DE.UTF-8."],
  pooler: [(value) => typeof value === "boolean", "give true or false."],
};

function isLocale(value: unknown): boolean {
  return typeof value === "string" && /^[A-Za-z0-9_.@-]+$/.test(value);
}
