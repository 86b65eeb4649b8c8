import { randomBytes } from "node:crypto";
import { mysql, mysqlRegistry } from "@af-tenancy/mysql";
import { MikroORM } from "@mikro-orm/mariadb";
import { thirtyEntities } from "../memory/thirty-entities.ts";
import { mysqlServer as server } from "../servers.ts";
import { startApplication } from "./application.ts";
import type { CreateCase } from "./create-case.ts";

/** A database per tenant: against making it and its tables with merged DDL, and six commits. */
export async function mysqlCreation(): Promise<CreateCase> {
  const central = `create_tenant_${randomBytes(4).toString("hex")}`;
  const orm = new MikroORM({ ...server, dbName: "mysql", entities: thirtyEntities() });
  await orm.connect();
  const run = (sql: string) => orm.em.getConnection().execute(sql);
  await run(`create database ${central}`);
  const connection = { ...server, database: central };
  const application = await startApplication(
    mysqlRegistry({ connection, flavour: "mariadb" }),
    mysql({ connection, flavour: "mariadb", entities: thirtyEntities() }),
  );
  const tables = await tablesByHand(orm);
  await run(
    `create table ${central}.by_hand (id int primary key auto_increment, step text, tenant text)`,
  );
  const commit = (step: string, tenant: string) =>
    run(`insert into ${central}.by_hand (step, tenant) values ('${step}', '${tenant}')`);
  const made: string[] = [];
  return {
    ours: application.make,
    pulls: application.pulls,
    async baseline() {
      const database = `${central}_${made.length}`;
      made.push(database);
      for (const step of ["intent", "ledger", "database"]) await commit(step, database);
      await run(`create database ${database}`);
      for (const sql of tables) await run(sql.replaceAll("~", database));
      for (const step of ["migrate", "verify", "activate"]) await commit(step, database);
    },
    async close() {
      await application.close();
      for (const database of [...made, central]) await run(`drop database ${database}`);
      await orm.close();
    },
  };
}

/** The tables as a hand would write them: everything in one statement each; `~` stands for the database. */
async function tablesByHand(orm: MikroORM): Promise<readonly string[]> {
  const sql = await orm.schema.getCreateSchemaSQL({ wrap: false });
  const statements = sql.split(/;\n+/).filter((line) => line.trim() !== "");
  const parts = new Map<string, string[]>();
  for (const statement of statements) {
    const [, table = ""] = /^(?:create|alter) table `(\w+)`/.exec(statement) ?? [];
    const [, added] = /^alter table `\w+` add ([\s\S]+)$/.exec(statement) ?? [];
    if (added === undefined) parts.set(table, [statement.replace("table `", "table `~`.`")]);
    else parts.get(table)?.push(added.replace("references `", "references `~`.`"));
  }
  return [...parts.values()].map(([create = "", ...added]) =>
    create.replace(/\)([^)]*)$/, (_all, options) => `${["", ...added].join(", ")})${options}`),
  );
}
