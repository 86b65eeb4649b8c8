import { postgresql, postgresqlRegistry } from "@af-tenancy/postgresql";
import { Client } from "pg";
import type { EngineSite, Location } from "./engine.ts";
import { foundNotes, noteEntity } from "./note.ts";

/** Tenants with a database, a schema, or rows of their own. */
export type PostgresqlName = "postgresql" | "postgresql-schema" | "postgresql-row";

const url = new URL(process.env.AF_POSTGRES_URL ?? "postgres://postgres@127.0.0.1:5432/postgres");

/** The server that tests use. */
const postgresqlServer = {
  host: url.hostname,
  port: Number(url.port || 5432),
  user: decodeURIComponent(url.username),
  database: url.pathname.slice(1),
  ...(url.password === "" ? {} : { password: decodeURIComponent(url.password) }),
};

/** Runs SQL as the server's administrator and gives the last statement's rows. */
export async function onPostgresql<Row extends object>(
  sql: string,
  database = postgresqlServer.database,
): Promise<Row[]> {
  const client = new Client({ ...postgresqlServer, database });
  await client.connect();
  try {
    const result = await client.query<Row>(sql);
    return (Array.isArray(result) ? result.at(-1) : result).rows;
  } finally {
    await client.end();
  }
}

/** A site with its registry in a database of its own on the server, in which schemas and shared tables are, too. */
export function postgresqlSite({ engine, tag }: Location): EngineSite {
  const central = `${tag}_central`;
  const strategy = strategies[engine as PostgresqlName];
  const connection = { ...postgresqlServer, database: central };
  const inFound = (name: string, sql: string): Promise<{ readonly text: string }[]> =>
    strategy === "database"
      ? onPostgresql(sql, name)
      : onPostgresql(`set search_path to "${name}"; ${sql}`, central);
  return {
    prepare: async () => void (await onPostgresql(`create database "${central}"`)),
    registry: () => postgresqlRegistry({ connection }),
    databases: (maxWait = 10_000, entities = [noteEntity()], migrations) =>
      postgresql({
        connection,
        ...{ strategy, strategies: [strategy], entities, maxWait },
        ...(migrations && { migrations }),
        ...(strategy === "row" && { sharedSchema: "shared", sharedRole: `${tag}_rows` }),
      }),
    names: async () =>
      (await onPostgresql<{ name: string }>(listing(strategy, tag), central)).map(
        ({ name }) => name,
      ),
    ...(strategy !== "row" && {
      makeFound: async (name: string) => {
        await onPostgresql(`create ${strategy} "${name}"`, central);
        await inFound(name, foundNotes.join(";"));
      },
      notesIn: async (name: string) =>
        (await inFound(name, "select text from note order by id")).map(({ text }) => text),
    }),
    async remove() {
      for (const name of await this.names()) {
        if (strategy === "database") await onPostgresql(`drop database "${name}" with (force)`);
      }
      await onPostgresql(`drop database "${central}" with (force)`);
      await onPostgresql(`drop role if exists "${tag}_rows"`);
    },
  };
}

const strategies = {
  postgresql: "database",
  "postgresql-schema": "schema",
  "postgresql-row": "row",
} as const;

function listing(strategy: "database" | "schema" | "row", tag: string): string {
  if (strategy === "database") {
    return `select datname as name from pg_database where datname like '%${tag}%' and datname not like '${tag}%' order by 1`;
  }
  if (strategy === "schema") {
    return `select nspname as name from pg_namespace where nspname like '%${tag}%' order by 1`;
  }
  return "select name from shared._tenancy_owner order by 1";
}
