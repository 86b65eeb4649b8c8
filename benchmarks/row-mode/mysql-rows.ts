import { randomBytes } from "node:crypto";
import { mysql } from "@af-tenancy/mysql";
import { defineEntity, MikroORM, p } from "@mikro-orm/mariadb";
import { mysqlServer as connection } from "../servers.ts";
import { findEach, type RowCase } from "./row-case.ts";

/** Rows that the queries themselves keep apart. */
export function mysqlRows(): RowCase {
  const sharedDatabase = `bench_${randomBytes(4).toString("hex")}`;
  const Note = defineEntity({
    name: "Note",
    properties: { id: p.integer().primary(), text: p.string() },
  });
  const NoteByHand = defineEntity({
    name: "NoteByHand",
    tableName: "note",
    properties: { id: p.integer().primary(), text: p.string(), tenantId: p.string() },
  });
  const db = mysql({
    ...{ connection, flavour: "mariadb", entities: [Note], strategies: ["row"], sharedDatabase },
  });
  const orm = new MikroORM({
    ...{ ...connection, dbName: sharedDatabase, entities: [NoteByHand] },
    ...{ ensureDatabase: false, pool: { min: 1, max: 10 } },
  });

  return {
    ...{ prefix: "mysql, ", databases: db },
    fill: (notes) => db.em().insertMany(Note, [...notes]),
    ours: (request) => findEach(db.em(), request, (em, id) => em.findOneOrFail(Note, id)),
    byHand: (tenantId, request) =>
      findEach(orm.em.fork(), request, (em, id) => em.findOneOrFail(NoteByHand, { tenantId, id })),
    async close() {
      await orm.em.fork().execute(`drop database ${sharedDatabase}`);
      await orm.close();
    },
  };
}
