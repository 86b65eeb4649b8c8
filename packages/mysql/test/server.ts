import { randomBytes } from "node:crypto";
import mysql from "mysql2/promise";
import { onTestFinished } from "vitest";

/** The server of the tests, as `AF_MYSQL_URL` names it. */
export const server = Object.freeze(
  serverOf(process.env.AF_MYSQL_URL ?? "mysql://root@127.0.0.1:3306"),
);

/** Why tests that need the server are skipped; `undefined` when it answers. */
export const missing: string | undefined = await whatIsMissing();

/** A name that no other run of the tests uses. */
export function uniqueName(prefix = "t"): string {
  return `aft_${prefix}_${randomBytes(6).toString("hex")}`;
}

/** Runs SQL as the server's administrator, on a connection of its own. */
export async function admin<Row>(
  sql: string,
  database?: string,
  port = server.port,
): Promise<readonly Row[]> {
  const connection = await mysql.createConnection({
    ...{ ...server, port },
    ...(database !== undefined && { database }),
    multipleStatements: true,
  });
  try {
    const [rows] = await connection.query(sql);
    return rows as Row[];
  } finally {
    await connection.end();
  }
}

/** Makes a database with a table `note`, whose only row has the key 1 and its own text; dropped after the test. */
export async function noteDatabase(text: string): Promise<string> {
  const name = uniqueName("notes");
  onTestFinished(async () => void (await admin(`drop database if exists ${name}`)));
  await admin(
    `create database ${name}; create table ${name}.note (id int primary key, text varchar(100));` +
      `insert into ${name}.note values (1, '${text}')`,
  );
  return name;
}

function serverOf(url: string) {
  const { hostname, port, username, password } = new URL(url);
  return {
    host: hostname,
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  };
}

async function whatIsMissing(): Promise<string | undefined> {
  try {
    await admin("select 1");
    return undefined;
  } catch (error) {
    return `no server at ${server.host}:${server.port}: ${String(error)}`;
  }
}

/** Why something cannot be done; `undefined` when it can. */
export function attempt(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return String(error);
  }
}
