import type { TenantRecord } from "@af-tenancy/core";
import { defineEntity, p } from "@mikro-orm/postgresql";
import { describe, expect, it } from "vitest";
import { startFleet } from "./fleet.ts";
import { withServer } from "./server.ts";

const Shelf = defineEntity({
  name: "Shelf",
  properties: {
    id: p.integer().primary(),
    name: p.string(),
    books: () => p.oneToMany(Book).mappedBy("shelf"),
  },
});

const Book = defineEntity({
  name: "Book",
  properties: {
    id: p.integer().primary(),
    title: p.string(),
    shelf: () => p.manyToOne(Shelf).ref(),
  },
});

describe.skipIf(withServer !== "")(`loaders and statements${withServer}`, () => {
  it.each(["database", "schema"] as const)(
    "F012, C020: loads references and collections of two tenants with a %s each and equal keys in batches of their own",
    async (strategy) => {
      const { db, tenancy, acme, globex } = await startFleet({
        entities: [Shelf, Book],
        strategy,
      });
      for (const tenant of [acme, globex]) await fill(tenant);

      const rounds = (tenant: TenantRecord, count: number) =>
        tenancy.run(tenant, async () => {
          const seen = new Set<string>();
          for (let round = 0; round < count; round++) {
            const em = db.em().fork();
            const books = await em.find(Book, {}, { orderBy: { id: 1 } });
            const shelves = await Promise.all(
              books.map(({ shelf }) => shelf.loadOrFail({ dataloader: true })),
            );
            for (const { name } of shelves) seen.add(name);
            const found = await Promise.all(
              shelves.map(({ books: own }) => own.loadItems({ dataloader: true })),
            );
            for (const { title } of found.flat()) seen.add(title);
          }
          return [...seen].sort();
        });
      const [ofAcme, ofGlobex] = await Promise.all([rounds(acme, 2), rounds(globex, 6)]);

      const all = (slug: string) =>
        [1, 2, 3].flatMap((n) => [`${slug} book ${n}`, `${slug} shelf ${n}`]).sort();
      expect(ofAcme).toEqual(all(acme.slug));
      expect(ofGlobex).toEqual(all(globex.slug));

      async function fill(tenant: TenantRecord): Promise<void> {
        await tenancy.run(tenant, async () => {
          for (const id of [1, 2, 3]) {
            const shelf = db.em().create(Shelf, { id, name: `${tenant.slug} shelf ${id}` });
            db.em().create(Book, { id, title: `${tenant.slug} book ${id}`, shelf });
          }
          await db.em().flush();
        });
      }
    },
  );

  it.each(["database", "schema"] as const)(
    "C020: sends the same statements for two tenants with a %s each in turn, and takes none for the other's",
    async (strategy) => {
      const { db, tenancy, acme, globex } = await startFleet({
        entities: [Shelf, Book],
        strategy,
        maxConnections: 2,
      });
      for (const tenant of [acme, globex]) {
        await tenancy.run(tenant, () => db.em().insert(Shelf, { id: 1, name: tenant.slug }));
      }
      const ask = (tenant: TenantRecord) =>
        tenancy.run(tenant, async () => {
          const kysely = db.em().getKysely<{ shelf: { id: number; name: string } }>();
          const prepared = kysely.selectFrom("shelf").select("name").where("id", "=", 1);
          const raw = await db
            .em()
            .execute<{ name: string }[]>("select name from shelf where id = ?", [1]);
          return [
            (await prepared.executeTakeFirst())?.name,
            raw[0]?.name,
            (await db.em().fork().findOneOrFail(Shelf, 1)).name,
          ];
        });

      for (let round = 0; round < 10; round++) {
        for (const tenant of [acme, globex]) {
          expect(await ask(tenant)).toEqual([tenant.slug, tenant.slug, tenant.slug]);
        }
        const together = await Promise.all([ask(acme), ask(globex)]);
        expect(together.map(([name]) => name)).toEqual([acme.slug, globex.slug]);
      }
    },
  );
});
