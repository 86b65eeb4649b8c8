import type { CentralRegistry } from "@af-tenancy/core";
import { mysqlRegistry } from "@af-tenancy/mysql";
import { postgresqlRegistry } from "@af-tenancy/postgresql";
import { sqliteRegistry } from "@af-tenancy/sqlite";

/** Where a registry is; the same in every process. */
export interface RegistryPlace {
  readonly engine: "sqlite" | "postgresql" | "mariadb";
  /** The file, or the database. */
  readonly name: string;
  /** In place of the server's own port, for a way to it that can be cut. */
  readonly port?: number;
}

/** The PostgreSQL server of the tests. */
export const postgres: URL = new URL(
  process.env.AF_POSTGRES_URL ?? "postgres://postgres@127.0.0.1:5432",
);
/** The MariaDB server of the tests. */
export const maria: URL = new URL(process.env.AF_MYSQL_URL ?? "mysql://root@127.0.0.1:3306");

/** Gives the registry of a place, for one process. */
export function registryAt({ engine, name, port }: RegistryPlace): CentralRegistry {
  if (engine === "sqlite") return sqliteRegistry({ file: name });
  const moved = port === undefined ? {} : { port };
  if (engine === "postgresql") {
    return postgresqlRegistry({ connection: { ...serverOf(postgres), ...moved, database: name } });
  }
  const connection = { ...serverOf(maria), ...moved, database: name };
  return mysqlRegistry({ connection, flavour: "mariadb" });
}

/** Gives how drivers name a server. */
export function serverOf({ hostname, port, username, password }: URL) {
  return {
    ...{ host: hostname, port: Number(port), user: decodeURIComponent(username) },
    ...(password !== "" && { password: decodeURIComponent(password) }),
  };
}
