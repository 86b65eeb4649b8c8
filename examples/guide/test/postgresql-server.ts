import { Client } from "pg";

const url = new URL(process.env.AF_POSTGRES_URL ?? "postgres://postgres@127.0.0.1:5432/postgres");

/** The server of these tests, from AF_POSTGRES_URL. */
export const server = {
  host: url.hostname,
  port: Number(url.port || 5432),
  user: url.username,
  password: url.password,
  database: url.pathname.slice(1),
};

/** Tells whether there is none. */
export async function serverIsMissing(): Promise<boolean> {
  const client = new Client(server);
  try {
    await client.connect();
    await client.end();
    return false;
  } catch {
    return true;
  }
}
