import type { AbstractSqlPlatform } from "@mikro-orm/sql";
import { defineEntity, MikroORM, p } from "@mikro-orm/sqlite";
import { expect, it, onTestFinished } from "vitest";
import { listOwnTables } from "../src/tenants/list-own-tables.ts";

it("lists the tables of a SQLite file, and no temporary one that stands for one of them", async () => {
  const Note = defineEntity({ name: "Note", properties: { id: p.integer().primary() } });
  const orm = new MikroORM({ dbName: ":memory:", entities: [Note] });
  onTestFinished(() => orm.close());
  await orm.schema.create();
  const em = orm.em.fork();
  await em.execute("create temporary table author (id integer primary key autoincrement)");

  const tables = await em.execute(listOwnTables(orm.driver.getPlatform() as AbstractSqlPlatform));

  expect(tables).toEqual([{ table_name: "note" }]);
});
