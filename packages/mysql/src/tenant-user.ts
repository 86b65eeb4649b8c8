import { createHash, randomBytes } from "node:crypto";
import { ConfigurationError, checkKnownOptions, InvalidInputError } from "@af-tenancy/core";
import type { Credentials } from "@af-tenancy/database";
import { quoted } from "./quoted.ts";

/** What each tenant's own database user may do. */
export interface TenantUserOptions {
  /** The rights that it gets on its own database and nowhere else; what running and migrating need when absent. */
  readonly grants?: readonly string[];
  /** The hosts that it may come from, as the server writes them; `%` when absent. */
  readonly host?: string;
}

/** Users of the server of which each belongs to one tenant. */
export interface TenantUsers {
  readonly grants: readonly string[];
  readonly host: string;
}

/** Fills in what is absent and checks it; throws `ConfigurationError`. */
export function tenantUsers(options: TenantUserOptions): TenantUsers {
  checkKnownOptions<TenantUserOptions>("users", options, { grants: true, host: true });
  const { grants = leastGrants, host = "%" } = options;
  if (!Array.isArray(grants)) {
    throw new ConfigurationError("users.grants", "no list", "list rights on a database.");
  }
  const upper = grants.map((grant) => String(grant).toUpperCase());
  const unknown = upper.find((grant) => !databaseGrants.includes(grant));
  if (unknown !== undefined || upper.length === 0) {
    throw new ConfigurationError(
      "users.grants",
      unknown === undefined ? "empty" : `"${unknown}"`,
      `list rights on a database: ${databaseGrants.join(", ")}.`,
    );
  }
  if (typeof host !== "string" || !/^[A-Za-z0-9_.%:/-]{1,60}$/.test(host)) {
    throw new ConfigurationError("users.host", JSON.stringify(host), "give a host or a pattern.");
  }
  return Object.freeze({ grants: Object.freeze(upper), host });
}

/** Makes the credentials of a new tenant: a name that no other database's user has, and a secret. */
export function newCredentials(server: string, databaseName: string): Credentials {
  const hash = createHash("sha256").update(`${server}\0${databaseName}`).digest("hex");
  // The end satisfies servers that ask for characters of each kind.
  return {
    user: `aft_${hash.slice(0, 24)}`,
    password: `${randomBytes(24).toString("base64url")}-Aa1`,
  };
}

/** Throws `InvalidInputError` when a user or a password has a character with which SQL text could be left. */
export function checkCredentials({ user, password }: Credentials): void {
  if (typeof user !== "string" || !/^[A-Za-z0-9_.-]{1,32}$/.test(user)) {
    const rule = "use at most 32 letters, digits, underscores, dots and dashes";
    throw new InvalidInputError("placement.secret.user", String(user), rule);
  }
  if (
    typeof password !== "string" ||
    !/^[\x20-\x7e]{1,128}$/.test(password) ||
    /['"`\\]/.test(password)
  ) {
    const rule = "use 1 to 128 ASCII characters without quotes and backslashes";
    throw new InvalidInputError("placement.secret.password", "(hidden)", rule);
  }
}

/** Names a user in SQL. */
export function userName({ user }: Credentials, { host }: TenantUsers): string {
  return `'${user}'@'${host}'`;
}

/** Names a database in a grant, where `_` and `%` would stand for any character and any text. */
export function grantedName(database: string): string {
  return quoted(database.replaceAll(/[\\_%]/g, "\\$&"));
}

const leastGrants: readonly string[] = [
  ...["SELECT", "INSERT", "UPDATE", "DELETE"],
  ...["CREATE", "ALTER", "DROP", "INDEX", "REFERENCES"],
];

const databaseGrants: readonly string[] = [
  ...leastGrants,
  ...["CREATE TEMPORARY TABLES", "LOCK TABLES", "CREATE VIEW", "SHOW VIEW", "TRIGGER", "EVENT"],
  ...["CREATE ROUTINE", "ALTER ROUTINE", "EXECUTE"],
];
