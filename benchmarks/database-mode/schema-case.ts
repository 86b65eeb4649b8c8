import { postgresql } from "@af-tenancy/postgresql";
import { defineEntity, MikroORM, p } from "@mikro-orm/postgresql";
import type { ModeCase, ModeSide } from "./mode-case.ts";
import { database, server } from "./postgresql-server.ts";
import { makeTenants, type Tenants } from "./tenants.ts";

/** A schema per tenant over shared connections, against qualified names. */
export const qualifiedCase: ModeCase = {
  ours: ownTenancy,
  baseline: () => byHand(({ orm, Note, schema }) => orm.em.fork({ schema }).findOneOrFail(Note, 1)),
};

/** A schema per tenant over shared connections, against telling each connection its schema before it is used. */
export const sessionCase: ModeCase = {
  ours: ownTenancy,
  baseline: () =>
    byHand(({ orm, Note, schema }) =>
      orm.em.fork().transactional(async (em) => {
        await em.execute(`set search_path to "${schema}"`);
        return em.findOneOrFail(Note, 1);
      }),
    ),
};

async function ownTenancy(): Promise<ModeSide> {
  const Note = noteEntity();
  const { db, tenancy, of, close } = await makeSchemas(Note);
  return {
    answer: (number) => tenancy.run(of(number), () => db.em().findOneOrFail(Note, 1)),
    close,
  };
}

interface Hand {
  readonly orm: MikroORM;
  readonly Note: NoteEntity;
  readonly schema: string;
}

async function byHand(answer: (hand: Hand) => Promise<unknown>): Promise<ModeSide> {
  const { of, close } = await makeSchemas(noteEntity());
  const Note = noteEntity();
  const pool = { min: 1, max: connections };
  const orm = new MikroORM({ ...server, dbName: database, entities: [Note], pool });
  await orm.connect();
  return {
    answer: (number) => answer({ orm, Note, schema: of(number).placement.name }),
    async close() {
      await orm.close();
      await close();
    },
  };
}

async function makeSchemas(Note: NoteEntity) {
  const db = postgresql({
    ...{ connection: { ...server, database }, maxConnections: connections },
    ...{ strategy: "schema", entities: [Note] },
  });
  const tenants: Tenants = await makeTenants(db);
  return { db, ...tenants };
}

/** Fewer than there are tenants, so that each connection serves several. */
const connections = 4;

type NoteEntity = ReturnType<typeof noteEntity>;

function noteEntity() {
  return defineEntity({
    name: "Note",
    properties: { id: p.integer().primary(), text: p.string() },
  });
}
