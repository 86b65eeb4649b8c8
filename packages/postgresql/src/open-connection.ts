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
  /** Many tenants share it: what does not say whose it is finds no table. */
  readonly shared: boolean;
}

/** Opens one session; throws `DatabaseRefusedError`, `DatabaseUnavailableError` or what else the server says. */
export async function openConnection({
  address,
  types,
  shared,
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
    ...(pooler ? {} : { options: sessionSettings(shared, queryTimeout) }),
  });
  const connection = new PostgresqlConnection(client, { name: database, queryTimeout, pooler });
  try {
    await client.connect();
    return connection;
  } catch (error) {
    await connection.close();
    throw isTenancyError(error) ? error : typedServerError(database, error);
  }
}

/** What the session falls back to whenever it is reset. */
function sessionSettings(shared: boolean, queryTimeout: number | undefined): string {
  const settings = ["client_connection_check_interval=1000"];
  if (shared) settings.push("search_path=");
  // The server gives up on its own a little later than its client does, so that it works for nobody no longer.
  if (queryTimeout !== undefined) settings.push(`statement_timeout=${queryTimeout + 500}`);
  return settings.map((setting) => `-c ${setting}`).join(" ");
}
