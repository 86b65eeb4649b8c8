import type { TenantRecord } from "@af-tenancy/core";
import { acme as record, testScale } from "@af-tenancy/testing";
import { describe, expect, it } from "vitest";
import { Author, Note } from "./entities.ts";
import { type Fleet, startFleet } from "./fleet.ts";
import { withServer } from "./server.ts";

/** What is done at full size. */
const operations = 10_000;

describe.skipIf(withServer !== "")(`many things at once${withServer}`, () => {
  it.each([
    ["schemas", { strategy: "schema" }],
    ["schemas and users", { strategy: "schema", users: true }],
  ] as const)(
    "X10: F081: F090: keeps five tenants with %s on two connections apart, whatever is done on them",
    { timeout: 900_000 },
    async (_, options) => {
      const fleet = await startFleet({ ...options, maxConnections: 2 });
      const more = [];
      for (const slug of ["initech", "umbrella", "hooli"]) {
        more.push(await fleet.add(record({ id: slug, slug })));
      }
      const tenants = [fleet.acme, fleet.globex, ...more];
      for (const tenant of tenants) {
        await fleet.tenancy.run(tenant, async () => {
          await fleet.db.em().insert(Note, { id: 1, text: tenant.slug });
          await fleet.db.em().insert(Author, { id: 1, name: "0" });
        });
      }
      const random = randomNumbers(4711);
      const written = new Map(tenants.map(({ slug }) => [slug, 0]));
      const wrong: string[] = [];
      let left = Math.ceil(operations * testScale() ** 1.3);

      await Promise.all(
        Array.from({ length: 6 }, async () => {
          while (left-- > 0) {
            const tenant = tenants[random(tenants.length)] as TenantRecord;
            const other = tenants[random(tenants.length)] as TenantRecord;
            const [name, kind] = kinds[random(kinds.length)] as (typeof kinds)[number];
            const found = await fleet.tenancy.run(tenant, () =>
              kind(fleet, other, written, tenant),
            );
            for (const text of found) {
              if (text !== tenant.slug) wrong.push(`${name}: ${tenant.slug} read ${text}`);
            }
          }
        }),
      );

      expect(wrong).toEqual([]);
      for (const tenant of tenants) {
        const author = await fleet.tenancy.run(tenant, () =>
          fleet.db.em().findOneOrFail(Author, 1),
        );
        expect(author.name).toBe(`${written.get(tenant.slug)}`);
      }
    },
  );
});

/** Does something as one tenant while another exists, and gives the texts that were read. */
type Kind = (
  fleet: Fleet,
  other: TenantRecord,
  written: Map<string, number>,
  self: TenantRecord,
) => Promise<string[]>;

interface Texts {
  readonly text: string;
}

const kinds: readonly (readonly [string, Kind])[] = [
  ["find", async ({ db }) => [(await db.em().findOneOrFail(Note, 1)).text]],
  ["raw", async ({ db }) => textsOf(await db.em().execute("select text from note where id = 1"))],
  [
    "query builder",
    async ({ db }) =>
      textsOf(await db.em().createQueryBuilder(Note).where({ id: 1 }).getResultList()),
  ],
  ["kysely", ({ db }) => byKysely(db)],
  [
    "stream",
    async ({ db }) => {
      const found: string[] = [];
      for await (const { text } of db.em().stream(Note)) found.push(text);
      return found;
    },
  ],
  [
    "write in a transaction",
    async ({ db }, _, written, { slug }) => {
      const found = await db.em().transactional(async (em) => {
        await em.execute("update author set name = (name::int + 1)::text where id = 1");
        return textsOf(await em.execute("select text from note"));
      });
      written.set(slug, (written.get(slug) ?? 0) + 1);
      return found;
    },
  ],
  [
    "write and take back",
    async ({ db }) => {
      const found: string[] = [];
      await db
        .em()
        .transactional(async (em) => {
          await em.execute(
            "update author set name = 'lost', id = 1; update note set text = 'lost'",
          );
          throw new RangeError("take it back");
        })
        .catch(onlyRangeErrors);
      found.push(...textsOf(await db.em().execute("select text from note")));
      return found;
    },
  ],
  [
    "savepoint",
    ({ db }) =>
      db.em().transactional(async (em) => {
        await em
          .transactional(async (inner) => {
            await inner.execute("update note set text = 'lost'");
            await inner.execute("select 1 / 0");
          })
          .catch(() => undefined);
        return textsOf(await em.execute("select text from note"));
      }),
  ],
  [
    "error",
    async ({ db }) => {
      await db
        .em()
        .execute("select * from nowhere")
        .catch(() => undefined);
      await db
        .em()
        .execute("begin; select 1 / 0")
        .catch(() => undefined);
      return textsOf(await db.em().execute("select text from note"));
    },
  ],
  ["hostile set", async ({ db }, other) => hostile(db, `set search_path to ${nameOf(other)}`)],
  [
    "hostile set_config",
    async ({ db }, other) =>
      hostile(db, `select set_config('search_path', '${nameOf(other)}', false)`),
  ],
  [
    "hostile begin",
    async ({ db }, other) => hostile(db, `begin; set search_path to ${nameOf(other)}`),
  ],
  [
    "hostile table",
    async ({ db }) => hostile(db, "create temp table note as select 1 as id, 'temporary' as text"),
  ],
  [
    "hostile set in a transaction",
    async ({ db }, other) => {
      await db
        .em()
        .transactional(async (em) => {
          await em.execute(`set search_path to ${nameOf(other)}`);
          throw new RangeError("take it back");
        })
        .catch(onlyRangeErrors);
      return byKysely(db);
    },
  ],
];

async function hostile(db: Fleet["db"], sql: string): Promise<string[]> {
  await db
    .em()
    .execute(sql)
    .catch(() => undefined);
  return [...textsOf(await db.em().execute("select text from note")), ...(await byKysely(db))];
}

async function byKysely(db: Fleet["db"]): Promise<string[]> {
  const kysely = db.em().getKysely<{ note: { id: number; text: string } }>();
  return textsOf(await kysely.selectFrom("note").select("text").where("id", "=", 1).execute());
}

function textsOf(rows: readonly Texts[]): string[] {
  return rows.map(({ text }) => text);
}

function nameOf({ placement }: TenantRecord): string {
  return `"${placement?.name}"`;
}

function onlyRangeErrors(error: unknown): void {
  if (!(error instanceof RangeError)) throw error;
}

/** The same numbers in each run. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}
