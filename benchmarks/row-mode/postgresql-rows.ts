import { randomBytes } from "node:crypto";
import { postgresql } from "@af-tenancy/postgresql";
import { defineEntity, MikroORM, p } from "@mikro-orm/postgresql";
import { Client } from "pg";
import { postgresqlServer as connection } from "../servers.ts";
import { findEach, type RowCase } from "./row-case.ts";

/** Rows that the server itself keeps apart. */
export function postgresqlRows(): RowCase {
  const sharedSchema = `bench_${randomBytes(4).toString("hex")}`;
  const sharedRole = `bench_${randomBytes(4).toString("hex")}`;
  const Note = defineEntity({
    name: "Note",
    properties: { id: p.integer().primary(), text: p.string() },
  });
  const NoteByHand = defineEntity({
    name: "NoteByHand",
    tableName: "note",
    schema: sharedSchema,
    properties: { id: p.integer().primary(), text: p.string(), tenantId: p.string() },
  });
  const db = postgresql({
    ...{ connection, entities: [Note], strategies: ["row"], sharedSchema, sharedRole },
  });
  const orm = new MikroORM({
    ...{ ...connection, dbName: connection.database, entities: [NoteByHand] },
    ...{ ensureDatabase: false, pool: { min: 1, max: 10 } },
  });

  return {
    ...{ prefix: "", databases: db },
    fill: (notes) => db.em().insertMany(Note, [...notes]),
    ours: (request) => findEach(db.em(), request, (em, id) => em.findOneOrFail(Note, id)),
    byHand: (tenantId, request) =>
      findEach(orm.em.fork(), request, (em, id) => em.findOneOrFail(NoteByHand, { tenantId, id })),
    async close() {
      await orm.close();
      const client = new Client(connection);
      await client.connect();
      await client.query(
        `drop schema "${sharedSchema}" cascade; drop owned by "${sharedRole}"; drop role "${sharedRole}"`,
      );
      await client.end();
    },
  };
}
