import { setTimeout } from "node:timers/promises";
import type { SyncStep } from "@af-tenancy/database";
import { expect, it } from "vitest";
import { startPeople } from "./people.ts";

it("C152: does nothing over that was done before its process died, and nothing of it over what came later", async () => {
  const steps: SyncStep[] = [];
  const { db, tenancy, acme, globex, syncing, make, change, changeCentral, read, readCentral } =
    await startPeople({ queue: (step) => steps.push(step) });
  await make(acme, { globalId: "ann" });
  await make(globex, { globalId: "ann" });
  await syncing.deliver();
  const states = (sql: string, values: unknown[] = []) =>
    tenancy.run(acme, () => db.em().execute<{ pending: string }[]>(sql, values));
  await change(acme, "ann", { name: "early", email: "early" });
  const [before] = await states("select pending from resource_sync_states");
  await syncing.deliver();
  await changeCentral("ann", { name: "late" });

  await states("update resource_sync_states set pending = ?", [before?.pending]);
  const { failures } = await syncing.deliver();

  expect(failures).toEqual([]);
  for (const one of [
    await readCentral("ann"),
    await read(acme, "ann"),
    await read(globex, "ann"),
  ]) {
    expect(one).toMatchObject({ name: "late", email: "early" });
  }
});

it("C152: brings nothing older over what is newer, however steps overtake each other", async () => {
  const { db, tenancy, acme, globex, syncing, makeCentral, changeCentral, change, read } =
    await startPeople({ queue: () => undefined });
  await syncing.attachRecords(await makeCentral({ globalId: "ann" }), [acme, globex]);
  await syncing.deliver();
  await changeCentral("ann", { name: "newer" });
  await syncing.deliver();
  await tenancy.run(acme, () => db.em().execute("update person set name = 'kept'"));
  await db.central().execute("update resource_sync_mappings set version = 0");

  await syncing.deliver();
  expect((await read(acme, "ann"))?.name).toBe("kept");

  await change(acme, "ann", { name: "own" });
  await changeCentral("ann", { name: "other", email: "other" });
  await syncing.perform({
    ...{ to: "tenant", resource: "person", globalId: "ann", tenantId: acme.id, cause: "left" },
  });
  expect(await read(acme, "ann")).toMatchObject({ name: "own", email: "other" });
  await syncing.deliver();
  expect(await read(globex, "ann")).toMatchObject({ name: "own", email: "other" });
});

it("C152 C155: settles what tenants removed and made anew while nothing was delivered", async () => {
  const { db, tenancy, acme, globex, syncing, make, ...rest } = await startPeople({
    queue: () => undefined,
  });
  const remove = (globalId: string) =>
    tenancy.run(acme, async () => {
      const em = db.em().fork();
      await em.remove(await em.findOneOrFail(rest.Person, { globalId })).flush();
    });
  const removeCentral = async (globalId: string) => {
    const em = db.central();
    await em.remove(await em.findOneOrFail(rest.CentralPerson, { globalId })).flush();
  };
  for (const globalId of ["gone", "again", "changed", "left"]) {
    await syncing.attachRecords(await rest.makeCentral({ globalId }), [acme, globex]);
  }
  await syncing.deliver();
  const step = { to: "tenant", resource: "person", tenantId: acme.id, cause: "left" } as const;

  await remove("gone");
  await rest.changeCentral("gone", { name: "central" });
  await syncing.perform({ ...step, globalId: "gone" });
  expect(await rest.read(acme, "gone")).toBeNull();
  await removeCentral("again");
  await remove("again");
  await make(acme, { globalId: "again", name: "anew" });
  await syncing.perform({ ...step, globalId: "again" });
  expect((await rest.read(acme, "again"))?.name).toBe("anew");
  await removeCentral("changed");
  await rest.change(acme, "changed", { name: "too late" });
  await rest.change(acme, "left", { name: "first" });
  await syncing.deliver();

  expect((await syncing.mappings({ globalId: "gone" })).map(({ tenantId }) => tenantId)).toEqual([
    globex.id,
  ]);
  expect((await rest.readCentral("again"))?.name).toBe("anew");
  expect([await rest.read(acme, "changed"), await rest.readCentral("changed")]).toEqual([
    null,
    null,
  ]);
  expect((await rest.read(globex, "left"))?.name).toBe("first");
  expect((await syncing.deliver()).steps).toBe(0);
});

it("C152: leaves to be delivered what a tenant changed while an older change was on its way", async () => {
  const steps: SyncStep[] = [];
  const { db, acme, syncing, make, change, read, readCentral } = await startPeople({
    queue: (step) => steps.push(step),
  });
  await make(acme, { globalId: "ann" });
  expect((await syncing.deliver()).failures).toEqual([]);
  await change(acme, "ann", { name: "one" });
  const [older] = steps.splice(0).slice(-1) as [SyncStep];
  const busy = Promise.withResolvers<void>();
  const holding = db.central().transactional(() => busy.promise);
  const delivered = syncing.perform(older);
  await setTimeout(50);

  // Nobody ever performs its step.
  await change(acme, "ann", { name: "two" });
  busy.resolve();
  await Promise.all([holding, delivered]);
  expect((await syncing.deliver()).failures).toEqual([]);

  expect((await readCentral("ann"))?.name).toBe("two");
  expect((await read(acme, "ann"))?.name).toBe("two");
});
