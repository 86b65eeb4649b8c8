import { Client, type ClientConfig } from "pg";

/**
 * Makes a client that takes nothing from the environment. `pg/lib/connection-parameters.js` asks there for what is absent
 * or empty, and of these two there is no value that says "none".
 */
export function clientWithoutEnvironment(config: ClientConfig): Client {
  const client = new Client({ sslnegotiation: "postgres", ...config });
  const { connectionParameters } = client as unknown as {
    readonly connectionParameters: { options: unknown; replication: unknown };
  };
  connectionParameters.options = config.options;
  connectionParameters.replication = undefined;
  return client;
}
