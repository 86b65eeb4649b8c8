import { InvalidInputError } from "@af-tenancy/core";
import { CentralRecordRequiredError } from "@af-tenancy/database";
import { expect, it } from "vitest";
import { startPeople } from "./people.ts";

it("C156: refuses a change of a tenant's record where no tenant is current", async () => {
  const { db, tenancy, acme, globex, Person, make, read, readCentral } = await startPeople();
  await make(acme, { globalId: "ann", name: "Ann" });
  await make(globex, { globalId: "bob" });

  await tenancy.run(acme, async () => {
    const em = db.em();
    const ann = await em.findOneOrFail(Person, { globalId: "ann" });
    ann.name = "changed";
    const refused = tenancy.central(() => em.flush());
    await expect(refused).rejects.toThrow(CentralRecordRequiredError);
    await expect(refused).rejects.toThrow("CentralPerson");
    em.clear();
  });
  const elsewhere = tenancy.run(acme, async () => {
    const em = db.em();
    const ann = await em.findOneOrFail(Person, { globalId: "ann" });
    ann.name = "Anna";
    await tenancy.run(globex, () => em.flush());
  });

  await elsewhere;
  expect((await read(acme, "ann"))?.name).toBe("Anna");
  expect((await readCentral("ann"))?.name).toBe("Anna");
  expect(await read(globex, "ann")).toBeNull();
});

it("C156: moves nothing of what shouldSync does not let", async () => {
  const started = await startPeople({
    resource: { shouldSync: (record) => (record as { role: string }).role !== "private" },
  });
  const { db, tenancy, acme, globex, Person, syncing, make, makeCentral, read, readCentral } =
    started;
  await make(acme, { globalId: "ann", role: "private" });
  await tenancy.run(acme, async () => {
    const em = db.em().fork();
    const [partial] = await em.find(Person, { globalId: "ann" }, { fields: ["name"] });
    Object.assign(partial ?? {}, { name: "Anna" });
    await em.flush();
  });
  const bob = await makeCentral({ globalId: "bob", role: "private" });
  await syncing.attachRecords(bob, globex);
  await makeCentral({ globalId: "cid" });
  await syncing.attachRecords({ resource: "person", globalId: "cid" }, [globex.id]);

  await syncing.deliver();
  expect(await readCentral("ann")).toBeNull();
  expect(await read(globex, "bob")).toBeNull();
  expect((await read(globex, "cid"))?.name).toBe("new");
  expect(started.heard()).toEqual(["created central", "-> created globex"]);

  await started.changeCentral("bob", { role: "public", name: "Bob" });
  expect((await read(globex, "bob"))?.name).toBe("Bob");
});

it("C156: makes records with the values that creation gives, before those of the fields", async () => {
  const { acme, globex, syncing, make, makeCentral, read, readCentral } = await startPeople({
    resource: {
      creation: {
        central: { role: "customer", badge: "new", email: "default@central" },
        tenant: (from: object) => ({ role: `was ${(from as { role: string }).role}` }),
      },
    },
  });
  await make(acme, { globalId: "ann", name: "Ann", email: "ann@acme" });
  await syncing.attachRecords(await makeCentral({ globalId: "bob", role: "owner" }), globex);

  expect(await readCentral("ann")).toMatchObject({
    ...{ name: "Ann", email: "default@central", role: "customer", badge: "new" },
  });
  expect(await read(globex, "bob")).toMatchObject({ name: "new", role: "was owner" });
  expect((await read(acme, "ann"))?.email).toBe("ann@acme");
});

it("C156: generates global ids, and keeps those that are given for good", async () => {
  const ids = ["one", "two"];
  const started = await startPeople({ resource: { newId: () => ids.shift() ?? "" } });
  const { db, tenancy, acme, Person, make, makeCentral, change, read, readCentral } = started;
  await make(acme, { name: "first" });
  await makeCentral({ name: "second" });

  expect((await readCentral("one"))?.name).toBe("first");
  expect((await readCentral("two"))?.name).toBe("second");
  await expect(make(acme, {})).rejects.toThrow(InvalidInputError);
  await expect(change(acme, "one", { globalId: "other" })).rejects.toThrow(InvalidInputError);
  expect((await read(acme, "one"))?.name).toBe("first");
  const plain = await startPeople();
  await plain.make(plain.acme, {});
  const made = await plain.tenancy.run(plain.acme, () =>
    plain.db.em().findOneOrFail(plain.Person, {}),
  );
  expect(made.globalId).toMatch(/^[0-9a-f-]{36}$/);
  await tenancy.run(acme, async () => {
    const em = db.em().fork();
    await em.remove(em.getReference(Person, 1)).flush();
  });
  expect(await started.syncing.mappings()).toEqual([]);
});

it("C153: tells of nothing where only what is not synced changed, and of each database once", async () => {
  const { acme, globex, syncing, make, change, makeCentral, changeCentral, heard } =
    await startPeople();
  await make(acme, { globalId: "ann" });
  await make(globex, { globalId: "ann", name: "Ann" });
  expect(heard()).toEqual([
    ...["created acme", "-> created central"],
    ...["created globex", "-> updated central", "-> updated acme"],
  ]);

  await change(acme, "ann", { role: "boss" });
  await changeCentral("ann", { role: "boss" });
  expect(heard()).toEqual([]);
  await change(acme, "ann", { role: "chief", email: "ann@acme" });
  expect(heard()).toEqual(["updated acme", "-> updated central", "-> updated globex"]);
  await changeCentral("ann", { name: "Anna" });
  expect(heard()).toEqual(["updated central", "-> updated acme", "-> updated globex"]);
  await makeCentral({ globalId: "bob" });
  expect(heard()).toEqual(["created central"]);
  expect((await syncing.deliver()).steps).toBe(0);
  expect(heard()).toEqual([]);
});

it("C157: refuses what is no record, tenant, step or option, and loses no step silently", async () => {
  const { acme, syncing } = await startPeople();
  const step = { to: "tenant", resource: "person", globalId: "ann", tenantId: acme.id } as const;
  const calls: Record<string, () => Promise<unknown>> = {
    "no record": () => syncing.attachRecords(null as never, acme),
    "the name of a record": () => syncing.attachRecords("ann" as never, acme),
    "an unknown resource": () => syncing.attachRecords({ resource: "x", globalId: "ann" }, acme),
    "no tenant": () => syncing.attachRecords({ ...step }, { id: 5 } as never),
    "no step": () => syncing.perform(null as never),
    "a step elsewhere": () => syncing.perform({ ...step, to: "moon" } as never),
    "a step of an unknown resource": () => syncing.perform({ ...step, resource: "x" } as never),
    "a step without a record": () => syncing.perform({ ...step, globalId: 5 } as never),
    "a step without a tenant": () => syncing.perform({ ...step, tenantId: "" } as never),
    "a misspelt option": () => syncing.deliver({ tenant: [acme.id] } as never),
    "tenants that are no list": () => syncing.deliver({ tenants: acme.id } as never),
    "a misspelt condition": () => syncing.mappings({ tenantID: acme.id } as never),
  };

  for (const [what, call] of Object.entries(calls)) {
    await expect(call(), what).rejects.toMatchObject({ code: "INVALID_INPUT" });
  }
});
