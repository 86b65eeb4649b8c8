import { ConnectionHeldError } from "@af-tenancy/database";
import { tenantRecord } from "@af-tenancy/testing";
import { expect, it, vi } from "vitest";
import { Note } from "./entities.ts";
import { type Fleet, startFleet } from "./fleet.ts";
import { openFiles } from "./open-files.ts";

it("opens nothing until somebody asks, and one connection then", async () => {
  const { db, tenancy, acme, folder } = await startFleet();
  await db.close?.();
  await db.start?.();

  await tenancy.run(acme, async () => {
    const em = db.em();
    expect(openFiles(folder)).toEqual([]);
    await em.count(Note, {});
    expect(openFiles(folder)).toEqual([`${acme.placement?.name}.sqlite`]);
  });
});

it("keeps no file open that was opened to make its tenant, and opens it for who comes first", async () => {
  const fleet = await startFleet({ maxOpen: 2 });
  const { db, acme, globex, folder } = fleet;
  await count(fleet, acme);

  await db.verify(globex);
  expect(openFiles(folder)).toEqual(names(acme));

  await count(fleet, globex);
  expect([...openFiles(folder)].sort()).toEqual(names(acme, globex));
});

it("keeps the file that tenants share open when one more was made in it", async () => {
  const fleet = await startFleet({ strategies: ["row"] });
  const { db, acme, globex, folder } = fleet;
  await count(fleet, acme);

  await db.verify(globex);

  expect(openFiles(folder)).toEqual(["shared.sqlite"]);
});

it("F078: opens one connection for 64 first queries at once", async () => {
  const { db, tenancy, acme, folder } = await startFleet();
  await db.close?.();
  await db.start?.();

  const counts = await Promise.all(
    Array.from({ length: 64 }, () => tenancy.run(acme, () => db.em().count(Note, {}))),
  );

  expect(counts).toEqual(Array(64).fill(0));
  expect(openFiles(folder)).toHaveLength(1);
});

it("F077: closes idle databases over the limit, the one used longest ago first", async () => {
  const fleet = await startFleet({ maxOpen: 2 });
  const { acme, globex, folder } = fleet;
  const [initech, umbrella] = [
    await fleet.add(tenantRecord({ slug: "initech" })),
    await fleet.add(tenantRecord({ slug: "umbrella" })),
  ];

  for (const tenant of [acme, globex, initech, acme, umbrella]) await count(fleet, tenant);

  await vi.waitFor(() => {
    expect([...openFiles(folder)].sort()).toEqual(names(acme, umbrella));
  });
});

it("F077: never closes a database in use, however many others come", async () => {
  const fleet = await startFleet({ maxOpen: 2 });
  const { db, tenancy, acme, folder } = fleet;
  const others: Fleet["acme"][] = [];
  for (let i = 0; i < 5; i++) others.push(await fleet.add(tenantRecord({ slug: `other-${i}` })));

  await tenancy.run(acme, async () => {
    await db.em().transactional(async (em) => {
      await em.insert(Note, { id: 1, text: "kept" });
      for (const other of others) await tenancy.central(() => count(fleet, other));
      expect([...openFiles(folder)]).toEqual(expect.arrayContaining([...names(acme)]));
      expect(openFiles(folder).filter((file) => file.endsWith(".sqlite"))).toHaveLength(2);
      await em.insert(Note, { id: 2, text: "kept too" });
    });
    expect(await db.em().count(Note, {})).toBe(2);
  });
});

it("serves every tenant again after its database was closed to save room", async () => {
  const fleet = await startFleet({ maxOpen: 1 });
  const { db, tenancy, acme, globex } = fleet;

  for (let round = 1; round <= 20; round++) {
    for (const tenant of [acme, globex]) {
      await tenancy.run(tenant, () => db.em().insert(Note, { id: round, text: tenant.slug }));
    }
  }

  for (const tenant of [acme, globex]) {
    const notes = await tenancy.run(tenant, () => db.em().find(Note, {}));
    expect(notes.map(({ text }) => text)).toEqual(Array(20).fill(tenant.slug));
  }
});

it("gives up at once on a connection that its own transaction holds", async () => {
  const { db, tenancy, acme } = await startFleet({ maxWait: 50 });

  const used = tenancy.run(acme, () => db.em().transactional((em) => em.fork().count(Note, {})));

  await expect(used).rejects.toThrow(ConnectionHeldError);
  expect(await tenancy.run(acme, () => db.em().count(Note, {}))).toBe(0);
});

it("lets waiting queries in, in the order in which they came", async () => {
  const { db, tenancy, acme } = await startFleet();
  const order: number[] = [];

  await Promise.all(
    [1, 2, 3, 4].map((id) =>
      tenancy.run(acme, () =>
        db.em().transactional(async (em) => {
          await em.insert(Note, { id, text: `${id}` });
          await new Promise((resolve) => setTimeout(resolve, 5 - id));
          order.push(id);
        }),
      ),
    ),
  );

  expect(order).toEqual([1, 2, 3, 4]);
});

it("gives the connection back whatever a transaction ends with", async () => {
  const { db, tenancy, acme } = await startFleet({ maxWait: 50 });
  const failing = () =>
    tenancy.run(acme, () =>
      db.em().transactional(async (em) => {
        await em.insert(Note, { id: 1, text: "never" });
        throw new RangeError("on purpose");
      }),
    );

  for (let round = 0; round < 3; round++) await expect(failing()).rejects.toThrow("on purpose");

  expect(await tenancy.run(acme, () => db.em().count(Note, {}))).toBe(0);
});

it("nests transactions as savepoints", async () => {
  const { db, tenancy, acme } = await startFleet();

  await tenancy.run(acme, () =>
    db.em().transactional(async (em) => {
      await em.insert(Note, { id: 1, text: "outer" });
      const inner = em.transactional(async (nested) => {
        await nested.insert(Note, { id: 2, text: "inner" });
        throw new RangeError("on purpose");
      });
      await expect(inner).rejects.toThrow("on purpose");
      await em.transactional((nested) => nested.insert(Note, { id: 3, text: "inner" }));
    }),
  );

  const notes = await tenancy.run(acme, () => db.em().find(Note, {}));
  expect(notes.map(({ id }) => id)).toEqual([1, 3]);
});

it("closes every database with the tenancy, and once more without harm", async () => {
  const { db, tenancy, acme, globex, folder, ...fleet } = await startFleet();
  for (const tenant of [acme, globex])
    await count({ db, tenancy, acme, globex, folder, ...fleet }, tenant);
  expect(openFiles(folder)).toHaveLength(2);

  await tenancy.close();
  await db.close?.();
  await db.start?.();

  expect(openFiles(folder)).toEqual([]);
});

function count({ db, tenancy }: Fleet, tenant: Fleet["acme"]): Promise<number> {
  return tenancy.run(tenant, () => db.em().count(Note, {}));
}

function names(...tenants: readonly Fleet["acme"][]): readonly string[] {
  return tenants.map(({ placement }) => `${placement?.name}.sqlite`).sort();
}
