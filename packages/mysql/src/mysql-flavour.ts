import { ConfigurationError } from "@af-tenancy/core";
import { type DialectGrammar, UnscopedSqlError } from "@af-tenancy/database";
import { MariaDbDriver } from "@mikro-orm/mariadb";
import { Configuration, MySqlConnection, MySqlDriver } from "@mikro-orm/mysql";
import { MysqlDialect } from "kysely";
import type { ConnectionOptions } from "mysql2";

/** Which of the two servers it is: they differ in JSON, in pages over joins and in what their catalogs say. */
export type MysqlFlavour = "mysql" | "mariadb";

/** What is MikroORM's own for a flavour. */
export interface MysqlParts {
  readonly orm: typeof MySqlDriver;
  readonly grammar: DialectGrammar;
  /** How values come out of the server, as MikroORM expects them. */
  readonly types: Pick<
    ConnectionOptions,
    "supportBigNumbers" | "dateStrings" | "jsonStrings" | "timezone"
  >;
}

/** Takes from MikroORM what belongs to a flavour; connects to nothing. */
export function mysqlParts(flavour: MysqlFlavour): MysqlParts {
  const orm = flavour === "mariadb" ? MariaDbDriver : MySqlDriver;
  const configuration = new Configuration({ driver: orm, dbName: "unused" }, false);
  const connection = new MySqlConnection(configuration, {}, "write");
  connection.setPlatform(configuration.getPlatform() as never);
  const { supportBigNumbers, dateStrings, jsonStrings, timezone } = connection.mapOptions({});
  return {
    orm,
    grammar: new MysqlDialect({ pool: noPool }),
    types: {
      ...(supportBigNumbers !== undefined && { supportBigNumbers }),
      ...(dateStrings !== undefined && { dateStrings }),
      ...(jsonStrings !== undefined && { jsonStrings }),
      ...(timezone !== undefined && { timezone }),
    },
  };
}

/** Throws `ConfigurationError` for what is no flavour. */
export function checkFlavour(flavour: unknown): asserts flavour is MysqlFlavour {
  if (flavour === "mysql" || flavour === "mariadb") return;
  throw new ConfigurationError("flavour", `"${String(flavour)}"`, 'use "mysql" or "mariadb".');
}

/** Makes the error of a server that says to be the other flavour; `undefined` where it is as it was said. */
export function wrongFlavour(
  flavour: MysqlFlavour,
  server: string,
  version: string,
): ConfigurationError | undefined {
  const found: MysqlFlavour = /mariadb/i.test(version) ? "mariadb" : "mysql";
  if (found === flavour) return undefined;
  const what = `"${flavour}", and the server "${server}" says ${version}`;
  return new ConfigurationError("flavour", what, `use flavour: "${found}".`);
}

/** The grammar makes no driver, so that nobody asks for it. */
async function noPool(): Promise<never> {
  throw new UnscopedSqlError("A pool");
}
