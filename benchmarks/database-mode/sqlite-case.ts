import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqlite } from "@af-tenancy/sqlite";
import { defineEntity, MikroORM, p } from "@mikro-orm/sqlite";
import type { ModeCase } from "./mode-case.ts";
import { makeTenants } from "./tenants.ts";

/** A file per tenant, against a MikroORM for each file. */
export const sqliteCase: ModeCase = {
  async ours() {
    const folder = mkdtempSync(join(tmpdir(), "database-mode-"));
    const Note = noteEntity();
    const db = sqlite({ folder, entities: [Note] });
    const { tenancy, of, close } = await makeTenants(db);
    return {
      answer: (number) => tenancy.run(of(number), () => db.em().findOneOrFail(Note, 1)),
      async close() {
        await close();
        rmSync(folder, { recursive: true });
      },
    };
  },

  async baseline() {
    const folder = mkdtempSync(join(tmpdir(), "database-mode-"));
    const db = sqlite({ folder, entities: [noteEntity()] });
    const { all, close } = await makeTenants(db);
    const byHand = all.map(({ placement }) => {
      const Note = noteEntity();
      const dbName = join(folder, `${placement.name}.sqlite`);
      return { Note, orm: new MikroORM({ dbName, entities: [Note] }) };
    });
    return {
      answer(number) {
        const { Note, orm } = byHand[number] as (typeof byHand)[number];
        return orm.em.fork().findOneOrFail(Note, 1);
      },
      async close() {
        for (const { orm } of byHand) await orm.close();
        await close();
        rmSync(folder, { recursive: true });
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
