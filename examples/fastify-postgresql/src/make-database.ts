import { Client } from "pg";
import type { Connection } from "./settings.ts";

/** Makes the database if it is not there. */
export async function makeDatabase({ database, ...server }: Connection): Promise<void> {
  const client = new Client({ ...server, database: "postgres" });
  await client.connect();
  try {
    const found = await client.query("select 1 from pg_database where datname = $1", [database]);
    if (found.rowCount === 0) await client.query(`create database "${database}"`);
  } finally {
    await client.end();
  }
}
