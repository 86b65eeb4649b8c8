import { randomBytes } from "node:crypto";
import type { PostgresqlConnectionSettings } from "@af-tenancy/postgresql";
import { Client, Pool, type PoolClient } from "pg";

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

/** Most of what a statement of the administrator costs is its connection, so those to the server's own database are kept. */
const admins = new Pool({ ...server, idleTimeoutMillis: 5_000, allowExitOnIdle: true });
admins.on("error", () => undefined);

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
  if (database !== server.database) return asAdminIn<Row>(database, sql);
  const client = await admins.connect();
  try {
    const rows = await lastRows<Row>(client, sql);
    await client.query("discard all");
    client.release();
    return rows;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** A connection that is kept would be in the way of whoever drops the database. */
async function asAdminIn<Row extends object>(database: string, sql: string): Promise<Row[]> {
  const client = new Client({ ...server, database });
  await client.connect();
  try {
    return await lastRows<Row>(client, sql);
  } finally {
    await client.end();
  }
}

async function lastRows<Row extends object>(
  client: Client | PoolClient,
  sql: string,
): Promise<Row[]> {
  const result = await client.query<Row>(sql);
  return (Array.isArray(result) ? result.at(-1) : result).rows;
}

async function answers(): Promise<boolean> {
  try {
    await asAdmin("select 1");
    return true;
  } catch {
    return false;
  }
}
