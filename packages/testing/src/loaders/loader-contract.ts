import type { Tenant } from "@af-tenancy/core";
import { describe, expect, it } from "vitest";
import type { EntityWords } from "../rows/shared-entities.ts";

/** An application's two tenants, who get rows with the same keys, and work with the entity manager of one of them. */
export interface LoaderSubject {
  readonly acme: Tenant;
  readonly globex: Tenant;
  run<R>(tenant: Tenant, work: (em: LoadingManager) => Promise<R>): Promise<R>;
}

/** What the contract uses of an entity manager. */
export interface LoadingManager {
  create(entity: unknown, data: object): object;
  insert(entity: unknown, data: object): Promise<unknown>;
  flush(): Promise<void>;
  fork(): LoadingManager;
  find<E>(entity: unknown, where: object, options: object): Promise<E[]>;
  findOneOrFail<E>(entity: unknown, key: number): Promise<E>;
  execute<R>(sql: string, parameters: readonly unknown[]): Promise<R>;
  getKysely(): LoadingQueries;
}

/** What the contract uses of Kysely. */
export interface LoadingQueries {
  selectFrom(table: string): {
    select(column: string): {
      where(column: string, operator: string, value: number): { execute(): Promise<Named[]> };
    };
  };
}

interface Named {
  readonly name: string;
}

interface Shelf extends Named {
  readonly books: { loadItems(options: object): Promise<Book[]> };
}

interface Book {
  readonly title: string;
  readonly shelf: { loadOrFail(options: object): Promise<Shelf> };
}

/**
 * Checks that what loads in batches, and statements that are kept for the next time, never cross tenants. `startWith`
 * starts an application for each test.
 *
 * @example loaderContract<EntitySchema>("sqlite", { defineEntity, p } as never, startWith);
 */
export function loaderContract<Entity>(
  name: string,
  words: EntityWords<Entity>,
  startWith: (entities: readonly Entity[]) => Promise<LoaderSubject>,
): void {
  const { Shelf, Book } = entitiesOf(words);
  const start = () => startWith([Shelf, Book]);

  describe(`loaders and statements: ${name}`, () => {
    it("F012, C020: loads references and collections of two tenants with equal keys in batches of their own", async () => {
      const { run, acme, globex } = await start();
      for (const tenant of [acme, globex]) await run(tenant, (em) => fill(em, tenant));

      const [ofAcme, ofGlobex] = await Promise.all([
        run(acme, (em) => load(em, 2)),
        run(globex, (em) => load(em, 6)),
      ]);

      expect(ofAcme).toEqual(allOf(acme));
      expect(ofGlobex).toEqual(allOf(globex));
    });

    it("C020: sends the same statements for two tenants in turn, and takes none for the other's", async () => {
      const { run, acme, globex } = await start();
      for (const tenant of [acme, globex]) {
        await run(tenant, (em) => em.insert(Shelf, { id: 1, name: tenant.slug }));
      }

      for (let round = 0; round < 10; round++) {
        for (const tenant of [acme, globex]) {
          expect(await run(tenant, ask)).toEqual(Array(3).fill(tenant.slug));
        }
        const together = await Promise.all([run(acme, ask), run(globex, ask)]);
        expect(together.map(([first]) => first)).toEqual([acme.slug, globex.slug]);
      }
    });
  });

  async function fill(em: LoadingManager, { slug }: Tenant): Promise<void> {
    for (const id of [1, 2, 3]) {
      const shelf = em.create(Shelf, { id, name: `${slug} shelf ${id}` });
      em.create(Book, { id, title: `${slug} book ${id}`, shelf });
    }
    await em.flush();
  }

  /** Gives what was seen on the way from books to their shelves and back. */
  async function load(em: LoadingManager, rounds: number): Promise<readonly string[]> {
    const seen = new Set<string>();
    for (let round = 0; round < rounds; round++) {
      const books = await em.fork().find<Book>(Book, {}, { orderBy: { id: 1 } });
      const shelves = await Promise.all(books.map(({ shelf }) => shelf.loadOrFail(batched)));
      const found = await Promise.all(shelves.map(({ books: own }) => own.loadItems(batched)));
      for (const { name: seenName } of shelves) seen.add(seenName);
      for (const { title } of found.flat()) seen.add(title);
    }
    return [...seen].sort();
  }

  /** Asks for the same row three ways. */
  async function ask(em: LoadingManager): Promise<readonly (string | undefined)[]> {
    const [queried] = await em
      .getKysely()
      .selectFrom("shelf")
      .select("name")
      .where("id", "=", 1)
      .execute();
    const [raw] = await em.execute<Named[]>("select name from shelf where id = ?", [1]);
    const { name: found } = await em.fork().findOneOrFail<Named>(Shelf, 1);
    return [queried?.name, raw?.name, found];
  }
}

const batched = { dataloader: true };

function allOf({ slug }: Tenant): readonly string[] {
  return [1, 2, 3].flatMap((n) => [`${slug} book ${n}`, `${slug} shelf ${n}`]).sort();
}

function entitiesOf<Entity>({ defineEntity, p }: EntityWords<Entity>) {
  const Shelf: Entity = defineEntity({
    name: "Shelf",
    properties: {
      id: p.integer().primary(),
      name: p.string(),
      books: () => p.oneToMany(Book).mappedBy("shelf"),
    },
  });
  const Book: Entity = defineEntity({
    name: "Book",
    properties: {
      id: p.integer().primary(),
      title: p.string(),
      shelf: () => p.manyToOne(Shelf).ref(),
    },
  });
  return { Shelf, Book };
}
