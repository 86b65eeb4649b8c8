import {
  ConfigurationError,
  createTenancy,
  DatabaseNotReadyError,
  memoryStore,
  UnknownDriverError,
  ValueMissingError,
} from "@af-tenancy/core";
import {
  DatabaseMismatchError,
  DatabaseUnavailableError,
  mikroOrmDatabases,
  TENANT_EM,
} from "@af-tenancy/database";
import { acme } from "@af-tenancy/testing";
import { defineEntity, p, SqlEntityManager } from "@mikro-orm/sql";
import { expect, expectTypeOf, it } from "vitest";
import { type MemoryDriverOptions, memoryDriver } from "./memory-driver.ts";

const Note = defineEntity({
  name: "Note",
  properties: { id: p.integer().primary(), text: p.string() },
});

it("belongs to one tenancy", () => {
  const db = make();
  const store = memoryStore([]);
  createTenancy({ store, databases: db });

  expect(() => createTenancy({ store, databases: db })).toThrow(ConfigurationError);
});

it("says what to do when it belongs to none", () => {
  expect(() => make().em()).toThrow("createTenancy({ databases })");
});

it("gives the entity manager under its key too", async () => {
  const { db, tenancy, tenant } = await start();

  const [em, byKey] = await tenancy.run(tenant, () => [db.em(), tenancy.get(TENANT_EM)]);

  expect(em).toBe(byKey);
  expect(em).toBeInstanceOf(SqlEntityManager);
  expectTypeOf(db.em).returns.toEqualTypeOf<SqlEntityManager>();
});

it("gives none where its bootstrapper was left out", async () => {
  const { db, tenancy, tenant } = await start();
  tenancy.events.on("bootstrapping", ({ replaceBootstrappers }) => replaceBootstrappers([]));

  await expect(tenancy.run(tenant, async () => db.em())).rejects.toThrow(ValueMissingError);
});

it.each<[string, MemoryDriverOptions, new (...args: never) => Error]>([
  [
    "another tenant",
    { ownerOf: () => ({ tenantId: "globex", generation: 1 }) },
    DatabaseMismatchError,
  ],
  [
    "another generation",
    { ownerOf: () => ({ tenantId: acme().id, generation: 2 }) },
    DatabaseMismatchError,
  ],
  [
    "nobody who can be asked",
    {
      opening: () => {
        throw new RangeError("no route to host");
      },
    },
    DatabaseUnavailableError,
  ],
])("does not open a database of %s", async (_, options, expected) => {
  const { db, tenancy, tenant } = await start(options);

  const used = tenancy.run(tenant, () => db.em().execute("select 1"));

  await expect(used).rejects.toThrow(expected);
});

it("keeps the cause of a failed opening", async () => {
  const cause = new RangeError("no route to host");
  const { db, tenancy, tenant } = await start({
    opening: () => {
      throw cause;
    },
  });

  const used = tenancy.run(tenant, () => db.em().execute("select 1"));

  await expect(used).rejects.toMatchObject({ status: 503, cause });
});

it("knows its own driver only", async () => {
  const { db, tenant } = await start();
  const elsewhere = { ...tenant.placement, driver: "postgresql" } as typeof tenant.placement;

  expect(db.manager(tenant.placement).driver).toBe("memory");
  expect(() => db.manager(elsewhere)).toThrow(UnknownDriverError);
  await expect(db.migrate({ ...tenant, placement: elsewhere })).rejects.toThrow(UnknownDriverError);
  await expect(db.verify({ ...tenant, placement: undefined })).rejects.toThrow(
    DatabaseNotReadyError,
  );
});

it("explains entities that cannot be discovered", () => {
  const Broken = defineEntity({ name: "Broken", properties: { text: p.string() } });

  const make = () => mikroOrmDatabases(memoryDriver(), { entities: [Broken] });

  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow("entities");
});

function make(options: MemoryDriverOptions = {}) {
  return mikroOrmDatabases(memoryDriver(options), { entities: [Note] });
}

async function start(options: MemoryDriverOptions = {}) {
  const db = make(options);
  const placement = db.place(acme().id, 1);
  const tenant = { ...acme(), placement };
  const tenancy = createTenancy({ store: memoryStore([tenant]), databases: db });
  await tenancy.start();
  return { db, tenancy, tenant };
}

it.each(["row", "schema", "rows"])(
  "refuses the strategy %s of a driver that has none such",
  (one) => {
    const make = () =>
      mikroOrmDatabases(memoryDriver(), {
        entities: [Note],
        strategies: ["database", one as "row"],
      });

    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(`"${one}", which memory does not know`);
  },
);

it.each([undefined, null, "tenant-acme", {}])("takes no %j for a tenant", async (none) => {
  const { db } = await start();

  for (const call of [() => db.verify(none as never), () => db.migrate(none as never)]) {
    await expect(call()).rejects.toMatchObject({ code: "INVALID_TENANT" });
  }
});
