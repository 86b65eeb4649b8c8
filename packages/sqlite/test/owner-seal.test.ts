import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseNotReadyError, UnknownDriverError } from "@af-tenancy/core";
import { DatabaseMismatchError } from "@af-tenancy/database";
import type { SqlEntityManager } from "@mikro-orm/sqlite";
import { expect, it } from "vitest";
import { Note } from "./entities.ts";
import { type Fleet, startFleet } from "./fleet.ts";
import { openFiles } from "./open-files.ts";

it("refuses a file that was swapped for another tenant's, and serves the right one again", async () => {
  const fleet = await startFleet();
  const { acme, globex } = fleet;
  await fleet.db.close?.();
  await fleet.db.start?.();
  swap(pathOf(fleet, acme), pathOf(fleet, globex));

  await expect(count(fleet, acme)).rejects.toThrow(DatabaseMismatchError);
  await expect(count(fleet, globex)).rejects.toThrow(DatabaseMismatchError);
  await expect(fleet.db.verify(acme)).rejects.toThrow(DatabaseMismatchError);
  expect(openFiles(fleet.folder)).toEqual([]);

  swap(pathOf(fleet, acme), pathOf(fleet, globex));
  expect(await count(fleet, acme)).toBe(0);
});

it("looks again for the marker when it opens the file of a warm tenant anew", async () => {
  const fleet = await startFleet({ maxOpen: 1 });
  const { acme, globex } = fleet;
  await fleet.tenancy.run(acme, async () => {
    const look = () => fleet.db.em().count(Note, {});
    expect(await look()).toBe(0);
    expect(await count(fleet, globex)).toBe(0);
    expect(openFiles(fleet.folder)).toEqual([`${globex.placement?.name}.sqlite`]);
    renameSync(pathOf(fleet, globex), pathOf(fleet, acme));

    await expect(look()).rejects.toThrow(DatabaseMismatchError);
    await expect(look()).rejects.toThrow(DatabaseMismatchError);
  });
});

it("refuses a tenant that is placed on another tenant's file, even while that file is open", async () => {
  const fleet = await startFleet();
  const { acme, globex } = fleet;
  expect(await count(fleet, globex)).toBe(0);

  const misplaced = count(fleet, { ...acme, placement: globex.placement });

  await expect(misplaced).rejects.toThrow(DatabaseMismatchError);
});

it("refuses a file of an older generation", async () => {
  const fleet = await startFleet();
  const { acme } = fleet;
  const placement = acme.placement && { ...acme.placement, generation: 2 };

  await expect(count(fleet, { ...acme, placement })).rejects.toThrow(DatabaseMismatchError);
});

it("sees at verification that a file was replaced under an open handle", async () => {
  const fleet = await startFleet();
  const { acme, globex } = fleet;
  expect(await count(fleet, acme)).toBe(0);
  renameSync(pathOf(fleet, globex), pathOf(fleet, acme));

  await expect(fleet.db.verify(acme)).rejects.toThrow(DatabaseMismatchError);
});

it.each<[string, (em: SqlEntityManager) => Promise<unknown>]>([
  ["reads", (em) => em.count(Note)],
  ["writes", (em) => em.insert(Note, { id: 2, text: "two" })],
  ["streams", async (em) => (await em.stream(Note, { where: {} }).next()).value],
])(
  "reads no row of a file that was copied over the open one, and writes none: %s",
  async (_, use) => {
    const fleet = await startFleet();
    const { acme, globex, db, tenancy } = fleet;
    // Alike in everything, so that SQLite's own counters do not tell them apart.
    for (const tenant of [acme, globex]) {
      await tenancy.run(tenant, () => db.em().insert(Note, { id: 1, text: "note" }));
    }
    const [own, other] = [pathOf(fleet, acme), pathOf(fleet, globex)];
    copyFileSync(own, `${own}.away`);
    await new Promise((resolve) => setTimeout(resolve, 20)); // a file system's clock ticks every few milliseconds

    await tenancy.run(acme, async () => {
      expect(await db.em().count(Note)).toBe(1);
      copyFileSync(other, own);
      await expect(use(db.em())).rejects.toThrow(DatabaseMismatchError);
    });
    await expect(count(fleet, acme)).rejects.toThrow(DatabaseMismatchError);
    expect(await count(fleet, globex)).toBe(1);
    expect(readFileSync(own).equals(readFileSync(other))).toBe(true);

    copyFileSync(`${own}.away`, own);
    expect(await count(fleet, acme)).toBe(1);
  },
);

it.each(["delete", "wal"] as const)(
  "gives no row of a file that was copied over the open one while a stream reads on (%s)",
  async (journalMode) => {
    const fleet = await startFleet({ journalMode });
    const { acme, globex, db, tenancy } = fleet;
    for (const tenant of [acme, globex]) {
      const text = tenant.slug.repeat(20);
      await tenancy.run(tenant, () =>
        db.em().insertMany(
          Note,
          Array.from({ length: 500 }, (_, id) => ({ id: id + 1, text })),
        ),
      );
    }
    await db.close?.(); // what was written is in the files, and in no log beside them
    await db.start?.();
    const read: string[] = [];

    const reading = tenancy.run(acme, async () => {
      for await (const { text } of db.em().stream(Note, { where: {} })) {
        if (read.length === 5) copyFileSync(pathOf(fleet, globex), pathOf(fleet, acme));
        read.push(text);
      }
    });

    await expect(reading).rejects.toThrow(DatabaseMismatchError);
    expect(read.filter((text) => !text.startsWith("acme"))).toEqual([]);
  },
);

it("finds at the doctor's a file that was copied over an open one, and one that is not there", async () => {
  const fleet = await startFleet();
  const { acme, globex, db } = fleet;
  const initech = await fleet.add({ ...acme, id: "initech", slug: "initech" });
  expect(await count(fleet, acme)).toBe(0);
  copyFileSync(pathOf(fleet, globex), pathOf(fleet, acme));
  unlinkSync(pathOf(fleet, initech));

  const findings = await db.doctor();

  expect(findings.map(({ check, subject }) => [check, subject])).toEqual([
    ["doctor/missing-database", `database "${initech.placement?.name}"`],
    ["doctor/foreign-database", `database "${acme.placement?.name}"`],
  ]);
});

it("refuses a file without a marker, and one that is no database", async () => {
  const fleet = await startFleet();
  await fleet.db.close?.();
  await fleet.db.start?.();

  writeFileSync(pathOf(fleet, fleet.acme), "");
  await expect(count(fleet, fleet.acme)).rejects.toThrow(DatabaseMismatchError);
  writeFileSync(
    pathOf(fleet, fleet.acme),
    "not a database, but long enough to look like one".repeat(99),
  );
  await expect(count(fleet, fleet.acme)).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
});

it("never makes a file that is missing", async () => {
  const fleet = await startFleet();
  const { acme, db } = fleet;
  await db.close?.();
  await db.start?.();
  unlinkSync(pathOf(fleet, acme));

  for (const use of [() => count(fleet, acme), () => db.verify(acme), () => db.migrate(acme)]) {
    await expect(use()).rejects.toThrow(DatabaseNotReadyError);
  }

  expect(existsSync(pathOf(fleet, acme))).toBe(false);
});

it("F079: does not remember a failed opening", async () => {
  const fleet = await startFleet();
  const { acme, db } = fleet;
  await db.close?.();
  await db.start?.();
  const path = pathOf(fleet, acme);
  renameSync(path, `${path}.away`);
  await expect(count(fleet, acme)).rejects.toThrow(DatabaseNotReadyError);

  renameSync(`${path}.away`, path);

  expect(await count(fleet, acme)).toBe(0);
});

it("refuses tenants without a placement and of other drivers", async () => {
  const fleet = await startFleet();
  const { acme } = fleet;
  const elsewhere = acme.placement && { ...acme.placement, driver: "postgresql" };

  await expect(count(fleet, { ...acme, placement: undefined })).rejects.toThrow(
    DatabaseNotReadyError,
  );
  await expect(count(fleet, { ...acme, placement: elsewhere })).rejects.toThrow(UnknownDriverError);
});

it("F060: closes a database before it is dropped, and writes nothing after", async () => {
  const fleet = await startFleet();
  const { acme, db, tenancy, folder } = fleet;
  const { placement } = acme;
  if (placement === undefined) return expect.unreachable();
  const database = { tenantId: acme.id, placement };

  await tenancy.run(acme, async () => {
    await db.em().insert(Note, { id: 1, text: "before" });
    let writing: Promise<unknown> | undefined;
    await new Promise<void>((begun) => {
      writing = db.em().transactional(async (em) => {
        begun();
        await new Promise((resolve) => setTimeout(resolve, 20));
        await em.insert(Note, { id: 2, text: "during" });
      });
    });
    const dropping = db.manager(placement).drop(database);
    const late = expect(db.em().count(Note, {})).rejects.toThrow(DatabaseNotReadyError);
    await Promise.all([writing, dropping, late]);
    await expect(db.em().insert(Note, { id: 3, text: "after" })).rejects.toThrow(
      DatabaseNotReadyError,
    );
  });

  expect(openFiles(folder)).not.toContain(`${placement.name}.sqlite`);
  expect(readdirSync(folder).filter((file) => file.includes(placement.name))).toEqual([]);
});

function count({ db, tenancy }: Fleet, tenant: Fleet["acme"]): Promise<number> {
  return tenancy.run(tenant, async () => db.em().count(Note, {}));
}

function pathOf({ folder }: Fleet, { placement }: Fleet["acme"]): string {
  return join(folder, `${placement?.name}.sqlite`);
}

function swap(one: string, other: string): void {
  renameSync(one, `${one}.tmp`);
  renameSync(other, one);
  renameSync(`${one}.tmp`, other);
}
