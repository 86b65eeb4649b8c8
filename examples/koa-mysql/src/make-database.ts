import { createConnection } from "mysql2/promise";
import type { Connection } from "./settings.ts";

/** Makes the database of the list of tenants if it is not there. */
export async function makeDatabase({ database, ...server }: Connection): Promise<void> {
  const connection = await createConnection(server);
  try {
    await connection.query(`create database if not exists \`${database}\``);
  } finally {
    await connection.end();
  }
}
