import {
  ConfigurationError,
  createTenancy,
  DatabaseNotReadyError,
  memoryStore,
  NoTenantContextError,
  type Placement,
  type TenantRecord,
  UnknownDriverError,
} from "@af-tenancy/core";
import { mikroOrmDatabases, type TenantEntity, tenantDatabases } from "@af-tenancy/database";
import { acme, globex } from "@af-tenancy/testing";
import { defineEntity, p } from "@mikro-orm/sql";
import { expect, expectTypeOf, it } from "vitest";
import { memoryDriver } from "./memory-driver.ts";

const entities = (driver: string) => ({
  Note: defineEntity({
    name: "Note",
    tableName: `note_of_${driver}`,
    properties: { id: p.integer().primary(), text: p.string() },
  }),
});

it("C027: serves each tenant on the driver of its placement", async () => {
  const { db, tenancy, tenants } = await start();
  const write = (id: number) => {
    const { Note } = db.entities();
    return db.em().insert(Note, { id, text: `of ${db.em().getMetadata().get(Note).tableName}` });
  };
  const read = () => db.em().findOne(db.entities().Note, 1);

  await Promise.all(
    tenants.map((tenant) =>
      tenancy.run(tenant, async () => {
        await db.migrate(tenant);
        await write(1);
      }),
    ),
  );
  const texts = await Promise.all(
    tenants.map((tenant) => tenancy.run(tenant, async () => (await read())?.text)),
  );

  expect(texts).toEqual(["of note_of_memory", "of note_of_other"]);
});

it("C027: places a tenant on the first driver, or on the one it wishes", async () => {
  const { db } = await start();

  const placed = [db.place("a", 1), db.place("b", 1, { driver: "other" })];

  expect(placed.map(({ driver }) => driver)).toEqual(["memory", "other"]);
  expect(placed.map((placement) => db.manager(placement).driver)).toEqual(["memory", "other"]);
  expect(() => db.place("c", 1, { driver: "third" })).toThrow(UnknownDriverError);
});

it("serves nobody whose driver it does not know", async () => {
  const { db, tenancy, tenants } = await start();
  const [tenant] = tenants;
  const placement = { ...(tenant?.placement as Placement), driver: "third" };
  const lost: TenantRecord = { ...acme(), id: "lost", placement };

  expect(() => tenancy.run(lost, () => db.em())).toThrow(UnknownDriverError);
  expect(() => tenancy.run({ ...lost, placement: undefined }, () => db.em())).toThrow(
    DatabaseNotReadyError,
  );
  await expect(db.migrate(lost)).rejects.toThrow(UnknownDriverError);
  expect(() => db.entities()).toThrow(NoTenantContextError);
});

it("gives the entities that the factory made, with their types", async () => {
  const { db, tenancy, tenants } = await start();

  const [ours, theirs] = tenants.map((tenant) => tenancy.run(tenant, () => db.entities().Note));

  expect(ours).not.toBe(theirs);
  expectTypeOf(db.entities).returns.toEqualTypeOf<ReturnType<typeof entities>>();
});

it("gives a list back as it is", async () => {
  const Note = entities("memory").Note;
  const db = mikroOrmDatabases(memoryDriver(), { entities: [Note] });
  const tenant = { ...acme(), placement: db.place(acme().id, 1) };
  const tenancy = createTenancy({ store: memoryStore([tenant]), databases: db });
  await tenancy.start();

  expect(tenancy.run(tenant, () => db.entities())).toEqual([Note]);
  expectTypeOf(db.entities).returns.toEqualTypeOf<readonly TenantEntity[]>();
});

const shared = entities("both");

it.each([
  ["no drivers", () => tenantDatabases([]), "databases"],
  ["no list", () => tenantDatabases(undefined as never), "databases"],
  ["null in place of a list", () => tenantDatabases(null as never), "databases"],
  ["one driver in place of a list", () => tenantDatabases(make("memory") as never), "databases"],
  ["something else", () => tenantDatabases([{} as ReturnType<typeof make>]), "databases[0]"],
  ["a driver twice", () => tenantDatabases([make("memory"), make("memory")]), "databases[1]"],
  [
    "a list of entities",
    () => tenantDatabases([make("memory"), makeOf("other", [shared.Note])]),
    "databases[1].entities",
  ],
  [
    "the same entities for two drivers",
    () => tenantDatabases([makeOf("memory", () => shared), makeOf("other", () => shared)]),
    "databases[1].entities",
  ],
  ["a factory that makes none", () => makeOf("memory", () => ({})), "entities"],
  ["a factory of nothing", () => makeOf("memory", () => undefined as never), "entities"],
])("refuses %s", (_, made, key) => {
  expect(made).toThrow(ConfigurationError);
  expect(made).toThrow(`"${key}"`);
});

function make(driver: string) {
  return mikroOrmDatabases(memoryDriver({ driver }), { entities });
}

function makeOf(driver: string, given: Parameters<typeof mikroOrmDatabases>[1]["entities"]) {
  return mikroOrmDatabases(memoryDriver({ driver }), { entities: given });
}

async function start() {
  const db = tenantDatabases([make("memory"), make("other")]);
  const tenants = [
    { ...acme(), placement: db.place(acme().id, 1) },
    { ...globex(), placement: db.place(globex().id, 1, { driver: "other" }) },
  ];
  const tenancy = createTenancy<TenantRecord>({ store: memoryStore(tenants), databases: db });
  await tenancy.start();
  return { db, tenancy, tenants };
}
