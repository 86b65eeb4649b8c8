import { describe, expect, it } from "vitest";
import { Author, Note } from "./entities.ts";
import { type Fleet, sharedFleet, startFleet } from "./fleet.ts";
import { withServer } from "./server.ts";

describe.skipIf(withServer !== "").each([
  ["a database each", { strategy: "database" }],
  ["a schema each", { strategy: "schema" }],
  ["a database and a user each", { strategy: "database", users: true }],
  ["a schema and a user each", { strategy: "schema", users: true }],
] as const)(`tenants with %s${withServer}`, { timeout: 30_000 }, (_, options) => {
  const fleetOf = sharedFleet((over) => startFleet(options, over));

  it("C020: F090: see their own rows only, whatever the way to them", async () => {
    const fleet = fleetOf();
    const { tenancy, db, acme, globex } = fleet;
    await tenancy.run(acme, () => db.em().insert(Note, { id: 1, text: "acme" }));
    const before = await everyWay(fleet, globex);
    await tenancy.run(globex, () => db.em().insert(Note, { id: 1, text: "globex" }));

    expect(before.every((found) => found.length === 0)).toBe(true);
    for (const found of await everyWay(fleet, acme)) expect(found).toEqual(["acme"]);
    for (const found of await everyWay(fleet, globex)) expect(found).toEqual(["globex"]);
  });

  it("C020: keep rows with the same keys apart while their transactions overlap", async () => {
    const { tenancy, db, acme, globex } = fleetOf();

    await tenancy.run(acme, () =>
      db.em().transactional(async (ours) => {
        await ours.insert(Author, { id: 1, name: "acme" });
        await tenancy.run(globex, () =>
          db.em().transactional(async (theirs) => {
            await theirs.insert(Author, { id: 1, name: "globex" });
            expect(await theirs.count(Author, {})).toBe(1);
          }),
        );
        expect((await ours.findOneOrFail(Author, 1)).name).toBe("acme");
      }),
    );

    const names = async (tenant: typeof acme) =>
      tenancy.run(tenant, async () => (await db.em().findAll(Author)).map(({ name }) => name));
    expect(await names(acme)).toEqual(["acme"]);
    expect(await names(globex)).toEqual(["globex"]);
  });

  it("are verified as they are, and refused what a transaction took back", async () => {
    const { tenancy, db, acme } = fleetOf();
    const count = () => tenancy.run(acme, () => db.em().count(Author, {}));
    const before = await count();

    await db.verify(acme);
    await tenancy
      .run(acme, () =>
        db.em().transactional(async (em) => {
          await em.insert(Author, { id: 2, name: "taken back" });
          throw new RangeError("take it back");
        }),
      )
      .catch(() => undefined);

    expect(await count()).toBe(before);
  });
});

/** Reads the texts of a tenant's notes through everything that MikroORM offers. */
async function everyWay({ tenancy, db }: Fleet, tenant: Fleet["acme"]): Promise<string[][]> {
  return tenancy.run(tenant, async () => {
    const em = db.em();
    const streamed: string[] = [];
    for await (const note of em.stream(Note)) streamed.push(note.text);
    const kysely = em.getKysely<{ note: { id: number; text: string } }>();
    const rows = [
      await em.fork().findAll(Note),
      await em.fork().createQueryBuilder(Note).getResultList(),
      await em.execute<{ text: string }[]>("select text from note"),
      await em
        .getConnection()
        .execute<{ text: string }[]>("select text from note where id = ?", [1]),
      await kysely.selectFrom("note").select("text").where("id", "=", 1).execute(),
    ];
    return [...rows.map((found) => found.map(({ text }) => text)), streamed];
  });
}
