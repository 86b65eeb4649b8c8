import { InvalidInputError } from "@af-tenancy/core";
import type { SyncStep } from "@af-tenancy/database";
import { expect, it, vi } from "vitest";
import { startPeople } from "./people.ts";

it("C154: keeps a record where only the pivot changes, takes records and tenants in lists, and refuses others", async () => {
  const { db, tenancy, acme, globex, Person, syncing, makeCentral, change, read, heard } =
    await startPeople();
  const [ann, bob] = [
    await makeCentral({ globalId: "ann" }),
    await makeCentral({ globalId: "bob" }),
  ];
  await syncing.attachRecords([ann, bob], [acme, globex.id], { pivot: "first" });
  await change(acme, "ann", { role: "boss" });
  heard();

  await syncing.attachRecords(ann, acme, { pivot: { note: "later" } });

  expect(heard()).toEqual([]);
  expect((await read(acme, "ann"))?.role).toBe("boss");
  expect(await syncing.mappings({ globalId: "ann" })).toEqual([
    { resource: "person", globalId: "ann", tenantId: acme.id, pivot: { note: "later" } },
    { resource: "person", globalId: "ann", tenantId: globex.id, pivot: "first" },
  ]);
  await tenancy.run(acme, async () => {
    const own = await db.em().findOneOrFail(Person, { globalId: "bob" });
    await syncing.detachRecords([own], acme);
  });
  expect([await read(acme, "bob"), (await read(globex, "bob"))?.name]).toEqual([null, "new"]);
  await syncing.detachRecords(bob, acme);
  await syncing.attachRecords(bob, acme);
  expect((await read(acme, "bob"))?.role).toBe("member");
  expect((await syncing.deliver()).steps).toBe(0);
  for (const refused of [
    () => syncing.attachRecords(ann, "nobody"),
    () => syncing.attachRecords({ resource: "person", globalId: "nobody" }, acme),
    () => syncing.attachRecords({ resource: "nothing", globalId: "ann" }, acme),
    () => syncing.attachRecords(new Date(), acme),
    () => tenancy.run(acme, () => syncing.attachRecords(ann, acme, { em: db.em() })),
  ]) {
    await expect(refused()).rejects.toThrow(InvalidInputError);
  }
});

it("C157: removes the mappings of a tenant that is purged", async () => {
  const { registry, acme, globex, syncing, makeCentral, changeCentral, readCentral } =
    await startPeople();
  await syncing.attachRecords(await makeCentral({ globalId: "ann" }), [acme, globex]);

  await registry.transaction(async ({ tenants, outbox }) => {
    await tenants.remove(acme.id, acme.version);
    await outbox.append({ type: "tenant.purged", tenantId: acme.id, version: 2, payload: {} });
  });

  await vi.waitFor(async () => {
    const left = await syncing.mappings();
    expect(left.map(({ tenantId }) => tenantId)).toEqual([globex.id]);
  });
  await changeCentral("ann", { name: "Ann" });
  expect((await syncing.deliver()).failures).toEqual([]);
  expect((await readCentral("ann"))?.name).toBe("Ann");
});

it("C157: waits while a tenant may not be written, and brings what it missed afterwards", async () => {
  const { registry, acme, globex, syncing, makeCentral, changeCentral, read } = await startPeople();
  await syncing.attachRecords(await makeCentral({ globalId: "ann" }), [acme, globex]);
  const access = async (version: number, to: "read-only" | "read-write") =>
    registry.transaction(async ({ tenants, outbox }) => {
      await tenants.update(acme.id, version, { access: to });
      const change = { type: "tenant.updated", tenantId: acme.id, version: version + 1 };
      await outbox.append({ ...change, payload: {} });
    });
  await access(acme.version, "read-only");

  await changeCentral("ann", { name: "Ann" });
  expect((await syncing.deliver({ tenants: [acme.id] })).failures).toEqual([]);
  expect([(await read(acme, "ann"))?.name, (await read(globex, "ann"))?.name]).toEqual([
    ...["new", "Ann"],
  ]);
  await access(acme.version + 1, "read-write");

  await vi.waitFor(async () => expect((await read(acme, "ann"))?.name).toBe("Ann"));
});

it("C157: hands each step to the queue, and does it whenever and however often it is asked", async () => {
  const queued: SyncStep[] = [];
  const { acme, globex, syncing, make, makeCentral, changeCentral, ...rest } = await startPeople({
    resource: { trashed: { field: "deletedAt" } },
    queue: (step) => queued.push(step),
  });
  const drain = async () => {
    const causes: string[] = [];
    for (const step of queued) {
      causes.push(`${step.cause} ${step.to}`);
      await syncing.perform(JSON.parse(JSON.stringify(step)));
      await syncing.perform(step);
    }
    queued.splice(0);
    return causes;
  };
  await make(acme, { globalId: "ann" });
  expect(await rest.readCentral("ann")).toBeNull();
  expect(await drain()).toEqual(["created central"]);
  const bob = await makeCentral({ globalId: "bob" });
  await syncing.attachRecords(bob, [acme, globex]);
  expect(await rest.read(acme, "bob")).toBeNull();
  expect(await drain()).toEqual(["attached tenant", "attached tenant"]);
  await rest.change(globex, "bob", { name: "Bob" });
  expect(new Set(await drain())).toEqual(new Set(["updated central", "updated tenant"]));
  await syncing.detachRecords(bob, globex);
  expect(await drain()).toEqual(["detached tenant"]);
  await changeCentral("bob", { deletedAt: new Date() });
  expect(await drain()).toEqual(["trashed tenant"]);
  await changeCentral("bob", { deletedAt: null });
  expect(await drain()).toEqual(["restored tenant"]);
  expect(await rest.read(globex, "bob")).toBeNull();
  expect((await rest.read(acme, "bob"))?.deletedAt).toBeNull();
  expect((await syncing.deliver()).steps).toBe(0);
});

it("C157: finds what default filters hide", async () => {
  const { acme, globex, make, change, read, readCentral, heard } = await startPeople();
  await make(acme, { globalId: "ann", hidden: true });
  await make(globex, { globalId: "ann", hidden: true, name: "Ann" });
  await change(acme, "ann", { email: "ann@acme" });

  expect(await readCentral("ann")).toMatchObject({ name: "Ann", email: "ann@acme" });
  expect(await read(globex, "ann")).toMatchObject({ name: "Ann", email: "ann@acme" });
  expect(await read(acme, "ann")).toMatchObject({ name: "Ann", hidden: true });
  expect(heard().filter((event) => event.startsWith("failure"))).toEqual([]);
});

it.each([true, false])(
  "C155: moves what is in the trash only where that is wanted: %s",
  async (sync) => {
    const deletedAt = new Date(1_000);
    const { acme, globex, syncing, makeCentral, changeCentral, change, read, readCentral } =
      await startPeople({ resource: { trashed: { field: "deletedAt", sync } } });
    await syncing.attachRecords(await makeCentral({ globalId: "ann" }), [acme, globex]);

    await change(acme, "ann", { deletedAt });
    await change(acme, "ann", { email: "ann@trash" });
    expect((await readCentral("ann"))?.email ?? null).toBe(sync ? "ann@trash" : null);
    await changeCentral("ann", { email: null });
    await change(globex, "ann", { name: "Ann" });
    expect((await read(acme, "ann"))?.name).toBe(sync ? "Ann" : "new");
    expect([(await read(globex, "ann"))?.deletedAt, (await readCentral("ann"))?.deletedAt]).toEqual(
      [...[null, null]],
    );
    await change(acme, "ann", { deletedAt: null });
    expect((await read(acme, "ann"))?.name).toBe("Ann");

    await changeCentral("ann", { deletedAt });
    await change(globex, "ann", { email: "ann@globex" });
    const seen = [await readCentral("ann"), await read(acme, "ann"), await read(globex, "ann")];
    expect(seen.map((one) => one?.deletedAt)).toEqual([deletedAt, deletedAt, deletedAt]);
    expect(seen.map((one) => one?.email)).toEqual(
      sync ? ["ann@globex", "ann@globex", "ann@globex"] : [null, null, "ann@globex"],
    );
    await change(globex, "ann", { deletedAt: null });
    await change(globex, "ann", { email: "last" });
    expect((await readCentral("ann"))?.email).toBe(sync ? "last" : null);
  },
);
