import type { SqlEntityManager } from "@mikro-orm/postgresql";
import { describe, expect, it } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { withServer } from "./server.ts";

type Nest = (em: SqlEntityManager, keep: (inner: SqlEntityManager) => unknown) => Promise<unknown>;

const nestings: [string, Nest][] = [
  ["a transaction", (em, keep) => em.transactional(async (inner) => void keep(inner))],
  [
    "a nested transaction",
    (em, keep) =>
      em.transactional(async (outer) => {
        await outer.count(Note, {});
        await outer.transactional(async (inner) => {
          await inner.count(Note, {});
          keep(inner);
        });
      }),
  ],
];

const uses: [string, (em: SqlEntityManager) => Promise<unknown>][] = [
  ["find", (em) => em.find(Note, {})],
  ["insert", (em) => em.insert(Note, { id: 7, text: "smuggled" })],
  ["raw SQL", (em) => em.execute("insert into note (id, text) values (7, 'smuggled')")],
  ["a query builder", (em) => em.createQueryBuilder(Note).update({ text: "smuggled" }).execute()],
  [
    "Kysely",
    async (em) =>
      em
        .getKysely<{ note: { id: number; text: string } }>()
        .insertInto("note")
        .values({ id: 7, text: "smuggled" })
        .execute(),
  ],
];

describe.skipIf(withServer !== "")(`tenants with a schema each${withServer}`, () => {
  it.each(nestings)(
    "F006: a manager that was kept beyond %s sends nothing on a connection that another tenant has by now",
    async (_, nest) => {
      const { db, tenancy, acme, globex } = await startFleet({
        ...{ strategy: "schema", maxConnections: 1 },
      });
      const em = () => db.em() as unknown as SqlEntityManager;
      await tenancy.run(acme, () => em().insert(Note, { id: 1, text: "acme" }));
      const [taken, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const outcomes: unknown[] = [];

      await tenancy.run(acme, async () => {
        const kept: SqlEntityManager[] = [];
        await nest(em(), (inner) => kept.push(inner));
        const other = tenancy.run(globex, () =>
          em().transactional(async (own) => {
            await own.insert(Note, { id: 1, text: "globex" });
            taken.resolve();
            await over.promise;
            return own.find(Note, {});
          }),
        );
        await taken.promise;
        for (const [use, act] of uses) {
          for (const one of kept) {
            const told = await act(one).catch((error: Error) => error.message);
            outcomes.push([use, told]);
          }
        }
        over.resolve();
        expect(await other).toMatchObject([{ id: 1, text: "globex" }]);
      });

      const refused = expect.stringMatching("after the end of its transaction");
      expect(outcomes).toEqual(uses.map(([use]) => [use, refused]));
      const notes = await tenancy.run(acme, () => em().find(Note, {}));
      expect(notes).toMatchObject([{ id: 1, text: "acme" }]);
      expect(notes).toHaveLength(1);
    },
  );
});
