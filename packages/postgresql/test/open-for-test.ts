import { onTestFinished } from "vitest";
import { type PostgresqlConnectionSettings, serverAddress } from "../src/connection-options.ts";
import { openConnection } from "../src/open-connection.ts";
import { PostgresqlDriver } from "../src/postgresql-driver.ts";
import { postgresqlLanguage } from "../src/postgresql-language.ts";
import { server } from "./server.ts";

/** Opens a driver that is closed when the test is over. */
export async function openForTest(
  settings: PostgresqlConnectionSettings = {},
  shared = false,
): Promise<PostgresqlDriver> {
  const address = serverAddress("connection", { ...server, ...settings });
  const { types } = postgresqlLanguage();
  const driver = PostgresqlDriver.over(
    await openConnection({ address, types, ...(shared && { searchPath: "" }) }),
  );
  onTestFinished(() => driver.destroy());
  return driver;
}
