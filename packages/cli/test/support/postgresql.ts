import { once } from "node:events";
import { connect } from "node:net";

const url = new URL(process.env.AF_POSTGRES_URL ?? "postgres://postgres@127.0.0.1:5432/postgres");

/** Names the tests that are skipped because there is no server; empty where there is one. */
export const withServer = (await answers()) ? "" : " (skipped: no PostgreSQL at AF_POSTGRES_URL)";

/** How the server that tests use is reached. */
export const settings = {
  host: url.hostname,
  port: Number(url.port || 5432),
  user: decodeURIComponent(url.username),
  database: url.pathname.slice(1),
  ...(url.password !== "" && { password: decodeURIComponent(url.password) }),
};

async function answers(): Promise<boolean> {
  const socket = connect(Number(url.port || 5432), url.hostname);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
