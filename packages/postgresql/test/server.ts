import { randomBytes } from "node:crypto";
import type { PostgresqlConnectionSettings } from "@af-tenancy/postgresql";
import { Client } from "pg";

const url = new URL(process.env.AF_POSTGRES_URL ?? "postgres://postgres@127.0.0.1:5432/postgres");

/** The server that tests use, from AF_POSTGRES_URL. */
export const server: Required<
  Pick<PostgresqlConnectionSettings, "host" | "port" | "user" | "database">
> & {
  readonly password?: string;
} = {
  host: url.hostname,
  port: Number(url.port || 5432),
  user: decodeURIComponent(url.username),
  database: url.pathname.slice(1),
  ...(url.password === "" ? {} : { password: decodeURIComponent(url.password) }),
};

/** Names the tests that are skipped because there is no server; empty where there is one. */
export const withServer = (await answers()) ? "" : " (skipped: no PostgreSQL at AF_POSTGRES_URL)";

/** A name that no other test and no other run uses. */
export function uniqueName(prefix: string): string {
  return `${prefix}_${randomBytes(5).toString("hex")}`;
}

/** Runs SQL as the server's administrator and gives the last statement's rows. */
export async function asAdmin<Row extends object>(
  sql: string,
  database = server.database,
): Promise<Row[]> {
  const client = new Client({ ...server, database });
  await client.connect();
  try {
    const result = await client.query<Row>(sql);
    return (Array.isArray(result) ? result.at(-1) : result).rows;
  } finally {
    await client.end();
  }
}

async function answers(): Promise<boolean> {
  try {
    await asAdmin("select 1");
    return true;
  } catch {
    return false;
  }
}
