import { postgresql } from "@af-tenancy/postgresql";
import { defineEntity, MikroORM, p } from "@mikro-orm/postgresql";
import { type ModeCase, tenantCount } from "./mode-case.ts";
import { server } from "./postgresql-server.ts";
import { makeTenants } from "./tenants.ts";

/** A database per tenant, each with a connection that stays open, against a MikroORM for each database. */
export const postgresqlCase: ModeCase = {
  async ours() {
    const Note = noteEntity();
    const db = postgresql({ connection: server, maxConnections: tenantCount, entities: [Note] });
    const { tenancy, of, close } = await makeTenants(db);
    return {
      answer: (number) => tenancy.run(of(number), () => db.em().findOneOrFail(Note, 1)),
      close,
    };
  },

  async baseline() {
    const db = postgresql({
      ...{ connection: server, maxConnections: 1, entities: [noteEntity()] },
    });
    const { all, close } = await makeTenants(db);
    const byHand = all.map(({ placement }) => {
      const Note = noteEntity();
      const pool = { min: 1, max: 1 };
      const options = { ...server, dbName: placement.name, entities: [Note], pool };
      return { Note, orm: new MikroORM(options) };
    });
    for (const { orm } of byHand) await orm.connect();
    return {
      answer(number) {
        const { Note, orm } = byHand[number] as (typeof byHand)[number];
        return orm.em.fork().findOneOrFail(Note, 1);
      },
      async close() {
        for (const { orm } of byHand) await orm.close();
        await close();
      },
    };
  },
};

function noteEntity() {
  return defineEntity({
    name: "Note",
    properties: { id: p.integer().primary(), text: p.string() },
  });
}
