import { isIP } from "node:net";
import { ConfigurationError } from "@af-tenancy/core";
import {
  checkSettings,
  givenSettings,
  type ReplicaSettings,
  type SettingRules,
  serverDefaults,
} from "@af-tenancy/database";

/** Certificates of a TLS connection, as Node takes them. */
export interface TlsSettings {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly passphrase?: string;
  /** Whether the server's certificate must be valid and name its host; `true` when absent. */
  readonly rejectUnauthorized?: boolean;
}

/** How a server is reached and what new databases on it are like. */
export interface MysqlConnectionSettings {
  /** `127.0.0.1` when absent. */
  readonly host?: string;
  /** 3306 when absent. */
  readonly port?: number;
  /** `root` when absent. */
  readonly user?: string;
  readonly password?: string;
  /** The application's own database on this server, which no tenant can be placed in. */
  readonly database?: string;
  /** `true` asks for TLS with a certificate that this machine trusts; an object says more. Off when absent. */
  readonly ssl?: boolean | TlsSettings;
  /** Milliseconds in which a connection has to be open, or handed to another tenant; 5,000 when absent. */
  readonly connectTimeout?: number;
  /**
   * Milliseconds after which a statement, or a row of a stream, is given up and its connection closed; no limit when
   * absent, 30,000 on a replica.
   */
  readonly queryTimeout?: number;
  /** Character set of new databases; `utf8mb4` when absent, the server's default when `null`. */
  readonly charset?: string | null;
  /** Collation of new databases; the default of the character set, or of the server, when absent or `null`. */
  readonly collation?: string | null;
  /** Read replicas of the server, from which `db.readOnly()` reads; what one leaves out is as it is for the server. */
  readonly replicas?: readonly MysqlReplicaSettings[];
}

/** How a read replica is reached, and how many connections to it there may be. */
export interface MysqlReplicaSettings
  extends ReplicaSettings,
    Omit<MysqlConnectionSettings, "replicas" | "database" | "charset" | "collation"> {}

/** A server as it is reached, with nothing left open. */
export type ServerAddress = Required<
  Omit<MysqlConnectionSettings, "database" | "queryTimeout" | "replicas">
> &
  Pick<MysqlConnectionSettings, "database" | "queryTimeout">;

/** Fills in what is absent and checks it; throws `ConfigurationError` naming the option under `key`. */
function serverAddress(key: string, settings: MysqlConnectionSettings): ServerAddress {
  const { replicas: _, ...given } = givenSettings(key, settings);
  const charset = given.collation === undefined ? defaults.charset : null;
  const address = { ...defaults, charset, ...given };
  checkSettings(key, address, rules);
  if (isIP(address.host) && isVerified(address.ssl)) {
    throw new ConfigurationError(
      `${key}.host`,
      `"${address.host}" with TLS`,
      "give the name in the server's certificate, which an address cannot be compared with.",
    );
  }
  return Object.freeze(address);
}

/** Puts settings over others; throws `ConfigurationError` when they are none, such as a URL. */
export function mergedSettings(
  key: string,
  base: MysqlConnectionSettings,
  settings: MysqlConnectionSettings,
): ServerAddress {
  serverAddress(key, settings);
  return serverAddress(key, { ...base, ...givenSettings(key, settings) });
}

/** Tells whether a value names a character set or a collation, or leaves it to the server. */
export function isEncoding(value: unknown): boolean {
  return value === null || (typeof value === "string" && /^[A-Za-z0-9_]{1,64}$/.test(value));
}

const defaults = Object.freeze({
  ...serverDefaults,
  ...{ port: 3306, user: "root", password: "", charset: "utf8mb4", collation: null },
});

const rules: SettingRules = {
  charset: [isEncoding, "give the name of a character set, such as utf8mb4."],
  collation: [isEncoding, "give the name of a collation, such as utf8mb4_bin."],
};

function isVerified(ssl: ServerAddress["ssl"]): boolean {
  return ssl === true || (ssl !== false && ssl.rejectUnauthorized !== false);
}
