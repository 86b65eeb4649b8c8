import { randomBytes } from "node:crypto";
import { postgresql, postgresqlRegistry } from "@af-tenancy/postgresql";
import { MikroORM } from "@mikro-orm/postgresql";
import { Client } from "pg";
import { thirtyEntities } from "../memory/thirty-entities.ts";
import { postgresqlServer as server } from "../servers.ts";
import { startApplication } from "./application.ts";
import type { CreateCase } from "./create-case.ts";

/** A database per tenant: against copying a template, two fresh connections with one query each, and six commits. */
export async function postgresqlCreation(): Promise<CreateCase> {
  const central = `create_tenant_${randomBytes(4).toString("hex")}`;
  const admin = new Client(server);
  await admin.connect();
  await admin.query(`create database ${central}`);
  const connection = { ...server, database: central };
  const application = await startApplication(
    postgresqlRegistry({ connection }),
    postgresql({ connection, entities: thirtyEntities() }),
  );
  const byHand = await postgresqlByHand(admin, central);
  return {
    ours: application.make,
    pulls: application.pulls,
    baseline: byHand.make,
    async close() {
      await application.close();
      await byHand.close();
      await admin.query(`drop database ${central} with (force)`);
      await admin.end();
    },
  };
}

async function postgresqlByHand(admin: Client, central: string) {
  const template = `${central}_template`;
  await admin.query(`create database ${template}`);
  const orm = new MikroORM({ ...server, dbName: template, entities: thirtyEntities() });
  await orm.schema.create();
  await orm.close();
  const registry = new Client({ ...server, database: central });
  await registry.connect();
  await registry.query("create table by_hand (id serial primary key, step text, tenant text)");
  const commit = (step: string, tenant: string) =>
    registry.query("insert into by_hand (step, tenant) values ($1, $2)", [step, tenant]);
  const made: string[] = [];
  return {
    async make() {
      const database = `${central}_${made.length}`;
      made.push(database);
      for (const step of ["intent", "ledger", "database"]) await commit(step, database);
      await admin.query(`create database ${database} template ${template}`);
      for (const step of ["migrate", "verify"]) {
        const client = new Client({ ...server, database });
        await client.connect();
        await client.query("select count(*) from entity0");
        await client.end();
        await commit(step, database);
      }
      await commit("activate", database);
    },
    async close() {
      await registry.end();
      for (const database of [...made, template]) await admin.query(`drop database ${database}`);
    },
  };
}
