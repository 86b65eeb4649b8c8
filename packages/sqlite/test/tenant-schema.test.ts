import { SchemaOutdatedError } from "@af-tenancy/database";
import { sqlite } from "@af-tenancy/sqlite";
import { acme as acmeRecord } from "@af-tenancy/testing";
import { defineEntity, p } from "@mikro-orm/sqlite";
import { expect, it } from "vitest";
import { Author, Note } from "./entities.ts";
import { type Fleet, startFleet } from "./fleet.ts";
import { startWorker } from "./start-worker.ts";
import { temporaryFolder } from "./temporary-folder.ts";

it("makes the tables of the entities, with their constraints", async () => {
  const { db, tenancy, acme } = await startFleet();

  const orphan = tenancy.run(acme, () =>
    db.em().execute("insert into note (id, text, author_id) values (1, 'orphan', 99)"),
  );

  await expect(orphan).rejects.toThrow("FOREIGN KEY");
});

it("changes nothing when it is repeated, also by several at once", async () => {
  const { db, tenancy, acme } = await startFleet();
  await tenancy.run(acme, () => db.em().insert(Note, { id: 1, text: "kept" }));

  await db.migrate(acme);
  await Promise.all(Array.from({ length: 8 }, () => db.migrate(acme)));

  expect(await tenancy.run(acme, () => db.em().count(Note, {}))).toBe(1);
});

it("makes all tables or none", async () => {
  const Broken = defineEntity({
    name: "Broken",
    tableName: "note_2",
    properties: { id: p.integer().primary(), sum: p.integer().defaultRaw("(select") },
  });
  const fleet = await makeUnmigrated([Note, Author, Broken]);

  await expect(fleet.db.migrate(fleet.tenant)).rejects.toThrow();

  const repaired = sqlite({ folder: fleet.folder, entities: [Note, Author] });
  await repaired.migrate(fleet.tenant);
  await repaired.verify(fleet.tenant);
  await repaired.close?.();
});

it("refuses a database that lacks a table of the application", async () => {
  const fleet = await startFleet();
  const Later = defineEntity({ name: "Later", properties: { id: p.integer().primary() } });
  const next = sqlite({ folder: fleet.folder, entities: [Note, Author, Later] });

  await expect(next.migrate(fleet.acme)).rejects.toThrow(SchemaOutdatedError);
  await expect(next.verify(fleet.acme)).rejects.toThrow('"later"');

  await next.close?.();
});

it("does not verify a database without a schema, and makes the tables where there are none", async () => {
  const Other = defineEntity({ name: "Other", properties: { id: p.integer().primary() } });
  const { folder, tenant } = await makeUnmigrated([Other]);
  const db = sqlite({ folder, entities: [Note, Author] });

  await expect(db.verify(tenant)).rejects.toThrow(SchemaOutdatedError);
  await db.migrate(tenant);
  await db.verify(tenant);
  await db.close?.();
  await db.start?.();
});

it("gives a new file its tables in one piece, before anything is migrated", async () => {
  const { db, tenant } = await makeUnmigrated([Note, Author]);

  await db.verify(tenant);
  await db.migrate(tenant);

  await db.verify(tenant);
});

it("verifies with a write that leaves no trace", async () => {
  const fleet = await startFleet();
  const before = await marker(fleet);

  await fleet.db.verify(fleet.acme);

  expect(await marker(fleet)).toEqual(before);
});

it("does not verify a database that takes no write, or that keeps one which was taken back", async () => {
  const fleet = await startFleet();
  const { db, tenancy, acme } = fleet;
  await tenancy.run(acme, () =>
    db
      .em()
      .execute(
        "create trigger ignores before update on _tenancy_owner begin select raise(ignore); end",
      ),
  );

  await expect(db.verify(acme)).rejects.toMatchObject({ code: "CANARY_FAILED" });
});

it("F091: lets two processes write to one tenant's file, and no transaction fails", {
  timeout: 30_000,
}, async () => {
  const fleet = await startFleet();
  const { db, tenancy, acme, folder, registryFile } = fleet;
  const worker = (first: number) =>
    startWorker("write-notes", folder, registryFile, acme.id, `${first}`, "40").done();

  await Promise.all([
    worker(1_000),
    worker(2_000),
    (async () => {
      for (let id = 1; id <= 40; id++) {
        await tenancy.run(acme, () =>
          db.em().transactional((em) => em.insert(Note, { id, text: "written" })),
        );
      }
    })(),
  ]);

  expect(await tenancy.run(acme, () => db.em().count(Note, { text: "written" }))).toBe(120);
});

async function makeUnmigrated(entities: Parameters<typeof sqlite>[0]["entities"]) {
  const folder = temporaryFolder();
  const db = sqlite({ folder, entities });
  const placement = db.place(acmeRecord().id, 1);
  const tenant = acmeRecord({ placement });
  await db.manager(placement).create({ tenantId: tenant.id, placement });
  return { folder, db, tenant };
}

function marker({ db, tenancy, acme }: Fleet) {
  return tenancy.run(acme, () => db.em().execute("select * from _tenancy_owner"));
}
