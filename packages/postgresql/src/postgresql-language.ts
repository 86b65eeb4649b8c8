import type { DialectGrammar } from "@af-tenancy/database";
import { Configuration, PostgreSqlConnection, PostgreSqlDriver } from "@mikro-orm/postgresql";
import type { ClientConfig } from "pg";

/** What MikroORM says of PostgreSQL's language. */
export interface PostgresqlLanguage {
  /** How queries are written. */
  readonly grammar: DialectGrammar;
  /** How values are read: dates as the text that MikroORM expects. */
  readonly types: NonNullable<ClientConfig["types"]>;
}

/** Asks MikroORM's own connection class, which here connects to nothing. */
export function postgresqlLanguage(): PostgresqlLanguage {
  const configuration = new Configuration({ driver: PostgreSqlDriver, dbName: "none" }, false);
  const connection = new PostgreSqlConnection(configuration, { dbName: "none" }, "write");
  const { types } = connection.mapOptions({}) as ClientConfig;
  return {
    grammar: connection.createKyselyDialect({}),
    types: types as PostgresqlLanguage["types"],
  };
}
