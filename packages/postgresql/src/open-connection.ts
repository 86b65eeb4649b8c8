import { isTenancyError } from "@af-tenancy/core";
import type { ClientConfig } from "pg";
import { clientWithoutEnvironment } from "./client-without-environment.ts";
import type { ServerAddress } from "./connection-options.ts";
import { PostgresqlConnection } from "./postgresql-connection.ts";
import { typedServerError } from "./server-errors.ts";

/** How one connection is opened. */
export interface OpenOptions {
  readonly address: ServerAddress;
  readonly types: ClientConfig["types"];
  /**
   * The schema of names that say none, whatever the login role has; empty where many tenants share the connection, so that
   * what does not say whose it is finds no table. As the login role has it when absent, and behind a pooler.
   */
  readonly searchPath?: "" | "public" | undefined;
}

/** Opens one session; throws `DatabaseRefusedError`, `DatabaseUnavailableError` or what else the server says. */
export async function openConnection({
  address,
  types,
  searchPath,
}: OpenOptions): Promise<PostgresqlConnection> {
  const { host, port, user, password, database, ssl } = address;
  const { pooler, queryTimeout, connectTimeout } = address;
  const client = clientWithoutEnvironment({
    ...{ host, port, user, database, ssl },
    // Never the environment's: pg asks there for what is absent or empty.
    password: password || (() => ""),
    types,
    application_name: "af-tenancy",
    keepAlive: true,
    connectionTimeoutMillis: connectTimeout,
    ...(pooler ? {} : { options: sessionSettings(searchPath, queryTimeout) }),
  });
  const connection = new PostgresqlConnection(client, {
    ...{ name: database, queryTimeout, connectTimeout, pooler },
  });
  try {
    await client.connect();
    return connection;
  } catch (error) {
    await connection.close();
    throw isTenancyError(error) ? error : typedServerError(database, error);
  }
}

/** What the session falls back to whenever it is reset. */
function sessionSettings(
  searchPath: OpenOptions["searchPath"],
  queryTimeout: number | undefined,
): string {
  const settings = ["client_connection_check_interval=1000", "standard_conforming_strings=on"];
  if (searchPath !== undefined) settings.push(`search_path=${searchPath}`);
  // The server gives up on its own a little later than its client does, so that it works for nobody no longer.
  if (queryTimeout !== undefined) settings.push(`statement_timeout=${queryTimeout + 500}`);
  return settings.map((setting) => `-c ${setting}`).join(" ");
}
