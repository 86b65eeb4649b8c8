import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CentralRegistry } from "@af-tenancy/core";
import { mysqlRegistry } from "@af-tenancy/mysql";
import { postgresqlRegistry } from "@af-tenancy/postgresql";
import { sqliteRegistry } from "@af-tenancy/sqlite";
import { MikroORM } from "@mikro-orm/sqlite";
import mysql from "mysql2/promise";
import { Client } from "pg";
import { onTestFinished } from "vitest";

/** A kind of registry, and why it cannot be tested here. */
export interface RegistrySite {
  readonly name: string;
  readonly missing: string;
  /** Makes an empty place, gone when the test is over, and gives what each process makes its registry with. */
  make(): Promise<RegistryPlace>;
}

/** A place of one registry: makes it, for each process, and runs SQL of one's own there. */
interface RegistryPlace {
  (): CentralRegistry;
  query(sql: string): Promise<readonly Row[]>;
}

type Row = Readonly<Record<string, unknown>>;

/** The PostgreSQL server of the tests. */
export const postgres = new URL(
  process.env.AF_POSTGRES_URL ?? "postgres://postgres@127.0.0.1:5432",
);
/** The MariaDB server of the tests. */
export const maria = new URL(process.env.AF_MYSQL_URL ?? "mysql://root@127.0.0.1:3306");

/** The registries on which a tenant's life is tested. */
export const registrySites: readonly RegistrySite[] = [
  {
    name: "SQLite",
    missing: "",
    async make() {
      const folder = await mkdtemp(join(tmpdir(), "af-life-"));
      onTestFinished(() => rm(folder, { recursive: true }));
      const file = join(folder, "registry.sqlite");
      return Object.assign(() => sqliteRegistry({ file }), {
        query: (sql: string) => onSqlite(file, sql),
      });
    },
  },
  {
    name: "PostgreSQL",
    missing: await whatIsMissing("AF_POSTGRES_URL", () => onPostgres("select 1")),
    async make() {
      const database = await newDatabase(onPostgres, "with (force)");
      const connection = { ...serverOf(postgres), database };
      return Object.assign(() => postgresqlRegistry({ connection }), {
        query: (sql: string) => onPostgres(sql, database),
      });
    },
  },
  {
    name: "MariaDB",
    missing: await whatIsMissing("AF_MYSQL_URL", () => onMaria("select 1")),
    async make() {
      const database = await newDatabase(onMaria, "");
      const connection = { ...serverOf(maria), database };
      return Object.assign(() => mysqlRegistry({ connection, flavour: "mariadb" }), {
        query: (sql: string) => onMaria(sql, database),
      });
    },
  },
];

async function newDatabase(run: (sql: string) => Promise<unknown>, force: string): Promise<string> {
  const name = `aft_life_${randomBytes(5).toString("hex")}`;
  await run(`create database ${name}`);
  onTestFinished(async () => {
    await run(`drop database if exists ${name} ${force}`);
  });
  return name;
}

/** Gives how drivers name a server. */
export function serverOf({ hostname, port, username, password }: URL) {
  return {
    ...{ host: hostname, port: Number(port), user: decodeURIComponent(username) },
    ...(password !== "" && { password: decodeURIComponent(password) }),
  };
}

async function onSqlite(file: string, sql: string): Promise<readonly Row[]> {
  const discovery = { warnWhenNoEntities: false };
  const orm = new MikroORM({ dbName: file, entities: [], discovery });
  try {
    return await orm.em.getConnection().execute(sql);
  } finally {
    await orm.close();
  }
}

/** Runs SQL on the PostgreSQL server of the tests. */
export async function onPostgres(sql: string, database = "postgres"): Promise<readonly Row[]> {
  const client = new Client({ ...serverOf(postgres), database });
  await client.connect();
  const { rows } = await client.query(sql).finally(() => client.end());
  return rows;
}

/** Runs SQL on the MariaDB server of the tests. */
export async function onMaria(sql: string, database?: string): Promise<readonly Row[]> {
  const connection = await mysql.createConnection({
    ...serverOf(maria),
    ...(database && { database }),
  });
  const [rows] = await connection.query(sql).finally(() => connection.end());
  return rows as unknown as readonly Row[];
}

async function whatIsMissing(variable: string, ask: () => Promise<unknown>): Promise<string> {
  try {
    await ask();
    return "";
  } catch {
    return `(skipped: no server at ${variable})`;
  }
}
