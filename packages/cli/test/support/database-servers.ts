import { randomBytes } from "node:crypto";
import { MikroORM as MariadbORM } from "@mikro-orm/mariadb";
import { MikroORM as PostgresqlORM } from "@mikro-orm/postgresql";
import { settings } from "./postgresql.ts";

/** How an application of the command is on a server that tests use. */
export interface DatabaseServer {
  /** Package of the driver, and the name of what it exports. */
  readonly driver: "postgresql" | "mysql";
  /** Where its entities are from. */
  readonly orm: string;
  /** Options of the driver as source text; what tenants share is this test's alone. */
  readonly options: string;
  /** Runs a statement as whoever administers the server. */
  admin(sql: string): Promise<Rows>;
  /** Makes what the application's administrator would. */
  prepare(): Promise<void>;
  /** Removes that, and what tenants shared. */
  clean(): Promise<void>;
}

/** PostgreSQL, and a login that is no superuser, as shared tables want it. */
export function postgresqlServer(): DatabaseServer {
  const name = uniqueName();
  const { database: dbName, ...connection } = settings;
  const admin = async (sql: string) =>
    ask(await PostgresqlORM.init({ ...connection, dbName, ...noEntities }), sql);
  const login = { ...settings, user: name, password: name };
  return {
    ...{ driver: "postgresql", orm: "@mikro-orm/postgresql", admin },
    options: `connection: ${JSON.stringify(login)}, sharedSchema: "${name}", sharedRole: "${name}_rows"`,
    async prepare() {
      await admin(`create role ${name} login password '${name}' createdb createrole`);
      await admin(`alter role ${name} set search_path = ''`);
      await admin(`grant create on database "${dbName}" to ${name}`);
    },
    async clean() {
      const own = `from pg_database where datdba = '${name}'::regrole`;
      for (const { datname } of await admin(`select datname ${own}`)) {
        await admin(`alter database "${datname}" is_template false`);
        await admin(`drop database "${datname}"`);
      }
      await admin(`drop owned by ${name} cascade`);
      await admin(`drop role if exists ${name}_rows`);
      await admin(`drop role ${name}`);
    },
  };
}

/** MariaDB. */
export function mariadbServer(): DatabaseServer {
  const name = uniqueName();
  const {
    hostname: host,
    port,
    username,
    password,
  } = new URL(process.env.AF_MYSQL_URL ?? "mysql://root@127.0.0.1:3306");
  const connection = {
    ...{ host, port: Number(port || 3306) },
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  };
  const admin = async (sql: string) =>
    ask(await MariadbORM.init({ ...connection, dbName: "mysql", ...noEntities }), sql);
  return {
    ...{ driver: "mysql", orm: "@mikro-orm/mariadb", admin },
    options: `connection: ${JSON.stringify(connection)}, flavour: "mariadb", sharedDatabase: "${name}"`,
    prepare: async () => undefined,
    clean: async () => void (await admin(`drop database if exists ${name}`)),
  };
}

type Rows = readonly Readonly<Record<string, unknown>>[];

const noEntities = Object.freeze({ entities: [], discovery: { warnWhenNoEntities: false } });

async function ask(
  orm: {
    readonly em: { getConnection(): { execute(sql: string): Promise<Rows> } };
    close(): Promise<void>;
  },
  sql: string,
): Promise<Rows> {
  try {
    return await orm.em.getConnection().execute(sql);
  } finally {
    await orm.close();
  }
}

function uniqueName(): string {
  return `aft_cli_${randomBytes(6).toString("hex")}`;
}
