import { randomBytes } from "node:crypto";
import { postgresql, postgresqlRegistry } from "@af-tenancy/postgresql";
import { Client } from "pg";
import { Note } from "../http/note.ts";
import { thirtyEntities } from "../memory/thirty-entities.ts";
import { postgresqlServer as server } from "../servers.ts";
import type { FleetCase } from "./fleet-case.ts";
import { startFleet } from "./start-fleet.ts";
import { namedMigrations, tenMigrations } from "./ten-migrations.ts";

/** A schema per tenant: against four connections that send each schema the same statements in one transaction. */
export async function postgresqlFleet(tenants: number): Promise<FleetCase> {
  const central = `migrate_fleet_${randomBytes(4).toString("hex")}`;
  const admin = new Client(server);
  await admin.connect();
  await admin.query(`create database ${central}`);
  const connection = { ...server, database: central };
  const fleet = await startFleet(
    postgresqlRegistry({ connection }),
    postgresql({
      ...{ connection, strategy: "schema", entities: thirtyEntities() },
      migrations: namedMigrations(),
    }),
    postgresql({ connection, strategy: "schema", entities: [Note] }),
    tenants,
  );
  const hand = await byHand(central, tenants);
  return {
    ours: fleet.migrate,
    baseline: hand.migrate,
    async close() {
      await hand.close();
      await fleet.close();
      await admin.query(`drop database ${central} with (force)`);
      await admin.end();
    },
  };
}

async function byHand(database: string, tenants: number) {
  const clients = Array.from({ length: 4 }, () => new Client({ ...server, database }));
  for (const client of clients) await client.connect();
  const schemas = Array.from({ length: tenants }, (_, number) => `by_hand_${number}`);
  for (const schema of schemas) await clients[0]?.query(`create schema ${schema}`);
  const sql = [...tenMigrations].flatMap(([name, statements]) => [
    ...statements,
    `insert into mikro_orm_migrations (name) values ('${name}')`,
  ]);
  const table =
    "create table mikro_orm_migrations (id serial primary key, name varchar(255), executed_at timestamptz default current_timestamp)";
  return {
    async migrate(count: number): Promise<void> {
      const queue = schemas.splice(0, count);
      const work = async (client: Client) => {
        for (let schema = queue.shift(); schema !== undefined; schema = queue.shift()) {
          const begin = `begin; set local search_path to ${schema}`;
          await client.query([begin, table, ...sql, "commit"].join("; "));
        }
      };
      await Promise.all(clients.map(work));
    },
    async close(): Promise<void> {
      for (const client of clients) await client.end();
    },
  };
}
