import { describe, expect, it } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { missing } from "./server.ts";

const options = { checkoutDeadline: 60_000, maxConnections: 1 } as const;

describe.skipIf(missing)("what a scope forgot", () => {
  it("F080, F081: gives at once what it threw, and takes its transaction back", async () => {
    const fleet = await startWarm(options);
    const { db, tenancy, acme } = fleet;

    const run = tenancy.run(acme, async () => {
      await db.em().begin();
      await db.em().insert(Note, { id: 2, text: "never" });
      throw new RangeError("the application's own");
    });

    await expect(run).rejects.toThrow(new RangeError("the application's own"));
    await expectWhole(fleet);
  });

  it("F080, F081: is told when nothing was thrown, and taken back", async () => {
    const fleet = await startWarm(options);
    const { db, tenancy, acme } = fleet;

    const run = tenancy.run(acme, async () => {
      await db.em().begin();
      await db.em().insert(Note, { id: 2, text: "never" });
    });

    await expect(run).rejects.toMatchObject({ code: "TRANSACTION_LEFT_OPEN" });
    await expectWhole(fleet);
  });

  it("is no stream that nobody reads on", async () => {
    const fleet = await startWarm(options);
    const { db, tenancy, acme } = fleet;

    const stream = await tenancy.run(acme, async () => {
      const numbers = db.em().getConnection().stream("select seq from seq_1_to_1000");
      await numbers.next();
      return () => readOn(numbers);
    });

    await expect(stream()).rejects.toMatchObject({ code: "CONTEXT_ENDED" });
    await expectWhole(fleet);
  });

  it("is no stream that nobody reads on after its transaction", async () => {
    const fleet = await startWarm(options);
    const { db, tenancy, acme } = fleet;

    await tenancy.run(acme, async () => {
      const stream = await db.em().transactional(async (em) => {
        const numbers = em
          .getConnection()
          .stream("select seq from seq_1_to_1000", [], em.getTransactionContext());
        await numbers.next();
        return () => readOn(numbers);
      });
      await expect(stream()).rejects.toMatchObject({ code: "STREAM_ENDED" });
    });

    await expectWhole(fleet);
  });
});

async function readOn(rows: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of rows);
}

/** Two tenants with one note of the same key each. */
async function startWarm(options: Parameters<typeof startFleet>[0]) {
  const fleet = await startFleet(options);
  const { tenancy, db, acme, globex } = fleet;
  for (const tenant of [acme, globex]) {
    await tenancy.run(tenant, () => db.em().insert(Note, { id: 1, text: tenant.slug }));
  }
  return fleet;
}

async function expectWhole({ db, tenancy, acme, globex }: Awaited<ReturnType<typeof startWarm>>) {
  expect(db.stats()).toMatchObject([{ leased: 0, waiting: 0 }]);
  for (const tenant of [globex, acme]) {
    const notes = await tenancy.run(tenant, () => db.em().findAll(Note));
    expect(notes.map(({ text }) => text)).toEqual([tenant.slug]);
  }
}
