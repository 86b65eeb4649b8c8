import { mysql, mysqlRegistry } from "@af-tenancy/mysql";
import { createConnection } from "mysql2/promise";
import type { EngineSite, Location } from "./engine.ts";
import { foundNotes, noteEntity } from "./note.ts";

/** Tenants with a database, or rows of their own. */
export type MariadbName = "mariadb" | "mariadb-row";

const url = new URL(process.env.AF_MYSQL_URL ?? "mysql://root@127.0.0.1:3306");

/** The server that tests use, from AF_MYSQL_URL. */
const mariadbServer = {
  host: url.hostname,
  port: Number(url.port || 3306),
  user: decodeURIComponent(url.username),
  password: decodeURIComponent(url.password),
};

/** Runs SQL as the server's administrator. */
export async function onMariadb<Row>(sql: string): Promise<Row[]> {
  const connection = await createConnection({ ...mariadbServer, multipleStatements: true });
  try {
    const [rows] = await connection.query(sql);
    return rows as Row[];
  } finally {
    await connection.end();
  }
}

/** A site with its registry in a database of its own on the server. */
export function mariadbSite({ engine, tag }: Location): EngineSite {
  const [central, shared] = [`${tag}_central`, `${tag}_shared`];
  const isRow = engine === "mariadb-row";
  const connection = { ...mariadbServer, database: central };
  return {
    prepare: async () => void (await onMariadb(`create database ${central}`)),
    registry: () => mysqlRegistry({ connection, flavour: "mariadb" }),
    databases: (maxWait = 10_000, entities = [noteEntity()], migrations) =>
      mysql({
        ...{ connection: mariadbServer, flavour: "mariadb", entities, maxWait },
        strategies: [isRow ? "row" : "database"],
        ...(migrations && { migrations }),
        ...(isRow && { sharedDatabase: shared }),
      }),
    names: async () =>
      (await onMariadb<{ name: string }>(listing(isRow, tag))).map(({ name }) => name),
    ...(!isRow && {
      makeFound: async (name: string) =>
        void (await onMariadb(`create database ${name}; use ${name}; ${foundNotes.join(";")}`)),
      notesIn: async (name: string) =>
        (await onMariadb<{ text: string }>(`select text from ${name}.note order by id`)).map(
          ({ text }) => text,
        ),
    }),
    async remove() {
      const names = isRow ? [shared] : await this.names();
      for (const name of [...names, central])
        await onMariadb(`drop database if exists \`${name}\``);
    },
  };
}

function listing(isRow: boolean, tag: string): string {
  if (isRow) return `select name from ${tag}_shared._tenancy_owner order by 1`;
  return `select schema_name as name from information_schema.schemata
    where schema_name like '%${tag}%' and schema_name not like '${tag}%' order by 1`;
}
