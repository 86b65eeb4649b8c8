import { isTenancyError, type TenancyError } from "@af-tenancy/core";
import { DatabaseRefusedError, DatabaseUnavailableError } from "@af-tenancy/database";
import { codeOf } from "./code-of.ts";

/** Gives what failed at a server its type: what is refused for good, or what may work when it is tried again. */
export function serverError(name: string, error: unknown): TenancyError {
  if (isTenancyError(error)) return error;
  const refused = refusals.find(({ codes }) => codes.includes(codeOf(error) ?? ""));
  if (refused === undefined) {
    return new DatabaseUnavailableError(name, { cause: error, transient: passes(error) });
  }
  return new DatabaseRefusedError(name, refused.what, refused.remedy, { cause: error });
}

/** Runs work at a server and gives what fails there its type. */
export async function atServer<R>(name: string, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    throw serverError(name, error);
  }
}

/** Tells whether the server says that a table or a database is not there, or that the session is in none. */
export function isMissing(error: unknown): boolean {
  return missing.includes(codeOf(error) ?? "");
}

/** Tells whether the server refused a write in a read-only transaction, or as a read-only server. */
export function isRefusedWrite(error: unknown): boolean {
  return refusedWrites.includes(codeOf(error) ?? "");
}

/** It passes by itself: the way to the server was cut, it restarts, or a connection or a lock is taken. */
function passes(error: unknown): boolean {
  const code = codeOf(error) ?? "";
  return network.test(code) || passing.includes(code);
}

const network = /^(?:ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|EAI_AGAIN|EMFILE|ENFILE)/;

const passing: readonly string[] = [
  ...["PROTOCOL_CONNECTION_LOST", "ER_SERVER_SHUTDOWN", "ER_CONNECTION_KILLED"],
  ...["ER_CON_COUNT_ERROR", "ER_TOO_MANY_USER_CONNECTIONS", "ER_USER_LIMIT_REACHED"],
  ...["ER_LOCK_WAIT_TIMEOUT", "ER_LOCK_DEADLOCK"],
];

const refusedWrites: readonly string[] = [
  "ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION",
  "ER_OPTION_PREVENTS_STATEMENT",
];

const missing: readonly string[] = ["ER_NO_SUCH_TABLE", "ER_BAD_DB_ERROR", "ER_NO_DB_ERROR"];

const refusals: readonly {
  readonly codes: readonly string[];
  readonly what: string;
  readonly remedy: string;
}[] = [
  {
    codes: [
      "ER_ACCESS_DENIED_ERROR",
      "ER_ACCESS_DENIED_NO_PASSWORD_ERROR",
      "ER_HOST_NOT_PRIVILEGED",
      "ER_ACCOUNT_HAS_BEEN_LOCKED",
      "ER_MUST_CHANGE_PASSWORD_LOGIN",
      "AUTH_SWITCH_PLUGIN_ERROR",
    ],
    what: "the login",
    remedy: "correct the user, the password, or the hosts that the user may come from",
  },
  {
    codes: [
      "ER_DBACCESS_DENIED_ERROR",
      "ER_TABLEACCESS_DENIED_ERROR",
      "ER_SPECIFIC_ACCESS_DENIED_ERROR",
      "ER_CANT_CREATE_USER_WITH_GRANT",
    ],
    what: "a right",
    remedy: "grant the user of the connection what the cause names",
  },
  {
    codes: ["HANDSHAKE_NO_SSL_SUPPORT", "HANDSHAKE_SSL_ERROR", "ER_SECURE_TRANSPORT_REQUIRED"],
    what: "the TLS that was asked for",
    remedy: 'set up TLS at the server, or correct "ssl" and its certificates',
  },
];
