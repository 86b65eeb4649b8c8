import { mysql } from "@af-tenancy/mysql";
import { defineEntity, MikroORM, p } from "@mikro-orm/mariadb";
import type { ModeCase } from "./mode-case.ts";
import { makeTenants } from "./tenants.ts";

/** A database per tenant over connections that all share, against a MikroORM with a pool for each database. */
export const mysqlCase: ModeCase = {
  async ours() {
    const Note = noteEntity();
    const db = mysql({ connection: server(), flavour: "mariadb", entities: [Note] });
    const { tenancy, of, close } = await makeTenants(db);
    return {
      answer: (number) => tenancy.run(of(number), () => db.em().findOneOrFail(Note, 1)),
      close,
    };
  },

  async baseline() {
    const db = mysql({ connection: server(), flavour: "mariadb", entities: [noteEntity()] });
    const { all, close } = await makeTenants(db);
    const byHand = all.map(({ placement }) => {
      const Note = noteEntity();
      return { Note, orm: new MikroORM({ ...server(), dbName: placement.name, entities: [Note] }) };
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

function server() {
  const { hostname, port, username, password } = new URL(
    process.env.AF_MYSQL_URL ?? "mysql://root@127.0.0.1:3306",
  );
  return {
    host: hostname,
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  };
}

function noteEntity() {
  return defineEntity({
    name: "Note",
    properties: { id: p.integer().primary(), text: p.string() },
  });
}
