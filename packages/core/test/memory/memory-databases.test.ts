import { expect, expectTypeOf, it } from "vitest";
import {
  ContextEndedError,
  createTenancy,
  DatabaseNotReadyError,
  DatabaseOwnedError,
  type JsonValue,
  MEMORY_DATABASE,
  memoryDatabases,
  memoryRegistry,
  NoTenantContextError,
  UnknownDriverError,
} from "../../src/index.ts";
import { tenantRecord } from "./tenant-record.ts";

async function setUp() {
  const databases = memoryDatabases();
  const tenancy = createTenancy({ registry: memoryRegistry(), databases });
  await tenancy.start();
  const [acme, globex] = ["acme", "globex"].map((slug) => {
    const { id } = tenantRecord(slug);
    return tenantRecord(slug, { placement: databases.place(id, 1) });
  }) as [ReturnType<typeof tenantRecord>, ReturnType<typeof tenantRecord>];
  const create = async ({ id, placement }: typeof acme) => {
    if (placement) await databases.manager(placement).create({ tenantId: id, placement });
  };
  return { databases, tenancy, acme, globex, create };
}

it("C020: keeps the rows of two tenants apart and finds them again", async () => {
  const { databases, tenancy, acme, globex, create } = await setUp();
  await create(acme);
  await create(globex);

  await tenancy.run(acme, () => databases.get().set("note-1", "CANARY_acme"));
  const other = await tenancy.run(globex, () => databases.get().get("note-1"));
  const own = await tenancy.run(acme, () => tenancy.get(MEMORY_DATABASE).get("note-1"));

  expect(other).toBeUndefined();
  expect(own).toBe("CANARY_acme");
  expectTypeOf(databases.get).returns.toEqualTypeOf<Map<string, JsonValue>>();
});

it("opens nothing until the rows are asked for", async () => {
  const { databases, tenancy, acme } = await setUp();

  expect(await tenancy.run(acme, () => "entered")).toBe("entered");
  expect(() => tenancy.run(acme, () => databases.get())).toThrow(DatabaseNotReadyError);
});

it("F016: gives no rows outside a tenant or after its end", async () => {
  const { databases, tenancy, acme, create } = await setUp();
  await create(acme);

  expect(() => databases.get()).toThrow(NoTenantContextError);
  expect(() => tenancy.central(() => databases.get())).toThrow(NoTenantContextError);
  let late: Promise<unknown> | undefined;
  await tenancy.run(acme, () => {
    late = new Promise((resolve) => setImmediate(resolve)).then(() => databases.get());
    late.catch(() => undefined);
  });
  await expect(late).rejects.toThrow(ContextEndedError);
});

it("says what is missing before it belongs to a tenancy", () => {
  expect(() => memoryDatabases().get()).toThrow("pass it to createTenancy({ databases })");
});

it("places a tenant under its id and generation", () => {
  const placement = memoryDatabases().place("0192-ab-cd", 3);

  expect(placement).toEqual({
    driver: "memory",
    strategy: "database",
    server: "default",
    name: "t_0192abcd_g3",
    generation: 3,
    secret: undefined,
  });
});

it("takes a wish that it can meet and refuses the others", () => {
  const databases = memoryDatabases({ driver: "notes" });

  expect(databases.place("acme", 1, { name: "chosen", secret: "s1" })).toMatchObject({
    driver: "notes",
    name: "chosen",
    secret: "s1",
  });
  expect(databases.place("acme", 2, { generation: 9 }).generation).toBe(2);
  expect(() => databases.place("acme", 1, { driver: "memory" })).toThrow(UnknownDriverError);
  expect(() => databases.place("acme", 1, { strategy: "row" })).toThrow("placement.strategy");
  expect(() => databases.place("acme", 1, { server: "eu-1" })).toThrow("placement.server");
  expect(() => databases.place("acme", 1, { name: "../escape" })).toThrow("placement.name");
});

it("gives no manager for the placement of another driver", () => {
  const placement = memoryDatabases({ driver: "other" }).place("acme", 1);

  expect(() => memoryDatabases().manager(placement)).toThrow(UnknownDriverError);
});

it("verifies a database that was made and migrated, as often as one likes", async () => {
  const { databases, acme, create } = await setUp();
  await create(acme);

  await expect(databases.verify(acme)).rejects.toThrow("never migrated");
  await databases.migrate(acme);
  await databases.migrate(acme);
  await databases.verify(acme);
  await databases.verify(acme);
});

it("leaves no trace of the write with which it verifies", async () => {
  const { databases, tenancy, acme, create } = await setUp();
  await create(acme);
  await databases.migrate(acme);

  await databases.verify(acme);

  expect(await tenancy.run(acme, () => [...databases.get()])).toEqual([]);
});

it("F058: neither migrates, verifies nor enters a database with another tenant's marker", async () => {
  const { databases, tenancy, acme, globex, create } = await setUp();
  await create(acme);
  const impostor = { ...globex, placement: acme.placement };

  await expect(databases.migrate(impostor)).rejects.toThrow(DatabaseOwnedError);
  await expect(databases.verify(impostor)).rejects.toThrow(DatabaseOwnedError);
  expect(() => tenancy.run(impostor, () => databases.get())).toThrow(DatabaseOwnedError);
});

it("does not take an older generation's database for the current one", async () => {
  const { databases, acme, create } = await setUp();
  await create(acme);
  const placement = acme.placement && { ...acme.placement, generation: 2 };

  await expect(databases.verify({ ...acme, placement })).rejects.toThrow(DatabaseOwnedError);
});

it("does not make up a database that is not there or was never placed", async () => {
  const { databases, acme } = await setUp();

  await expect(databases.migrate(acme)).rejects.toThrow('there is no database "t_tenantacme_g1"');
  await expect(databases.verify(tenantRecord("acme"))).rejects.toThrow("it has no placement");
});
