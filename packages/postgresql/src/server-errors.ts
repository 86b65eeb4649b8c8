import { DatabaseRefusedError, DatabaseUnavailableError } from "@af-tenancy/database";
import { DatabaseError } from "pg";

/** The code of an error of PostgreSQL, Node or OpenSSL. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** Tells whether the server says that a table or a schema is not there. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === "42P01" || codeOf(error) === "3F000";
}

/** Tells whether the server refused a write in a read-only transaction, or on a standby. */
export function isRefusedWrite(error: unknown): boolean {
  return codeOf(error) === "25006";
}

/** Tells whether the server ended the connection with this error. */
export function isFatal(error: unknown): boolean {
  return error instanceof DatabaseError && /^(?:FATAL|PANIC)$/.test(error.severity ?? "");
}

/** The typed form of what a server answers to being connected to or managed; what it does not know stays as it is. */
export function typedServerError(name: string, error: unknown): unknown {
  const cause = { cause: error };
  const refused = refusals.find(({ pattern }) => pattern.test(`${codeOf(error)} ${error}`));
  if (refused !== undefined) {
    return new DatabaseRefusedError(name, refused.what, refused.remedy, cause);
  }
  if (!isUnreachable(error)) return error;
  return new DatabaseUnavailableError(name, { ...cause, transient: passes(error) });
}

/** It passes by itself: the way to the server was cut, it restarts, or all its connections are taken. */
function passes(error: unknown): boolean {
  if (error instanceof DatabaseError) return /^(?:08|57P0[1235]|53300)/.test(error.code ?? "");
  return network.test(`${codeOf(error)} ${error}`);
}

const network =
  /^(?:ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|EAI_AGAIN|EMFILE|ENFILE)|timeout expired|Connection terminated/;

/** The server is not there, is going away, has no connection left, or does not answer. */
function isUnreachable(error: unknown): boolean {
  if (error instanceof DatabaseError) return /^(?:08|57P|53)/.test(error.code ?? "");
  return codeOf(error) !== "" || /timeout expired|Connection terminated/.test(String(error));
}

const refusals: readonly { pattern: RegExp; what: string; remedy: string }[] = [
  {
    pattern: /^28|SASL|SCRAM/,
    what: "the login",
    remedy: "check user, password and pg_hba.conf",
  },
  {
    pattern: /^42501/,
    what: "this for lack of rights",
    remedy:
      "give the configured user CREATEDB for databases, CREATE on the database for schemas, and CREATEROLE for users",
  },
  {
    pattern: /does not support SSL|CERT|SELF_SIGNED|UNABLE_TO|ERR_SSL|ERR_TLS|EPROTO|SSL/,
    what: "a secure connection that can be trusted",
    remedy: "turn on ssl there, and give `ssl.ca` the certificate that signed the server's",
  },
  {
    pattern: /unsupported startup parameter/,
    what: "the session's settings",
    remedy: "say `pooler: true` where PgBouncer stands in front of it",
  },
];
