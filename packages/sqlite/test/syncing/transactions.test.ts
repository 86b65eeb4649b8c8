import { expect, it } from "vitest";
import { startPeople } from "./people.ts";

it("C152 F014: delivers what a transaction kept once it is over, and nothing that was taken back", async () => {
  const { db, tenancy, acme, Person, readCentral, heard } = await startPeople();
  const person = (globalId: string) => ({ globalId, name: globalId, role: "r" }) as never;

  await tenancy.run(acme, async () => {
    await db.em().transactional(async (em) => {
      em.create(Person, person("kept"));
      await em.flush();
      await em
        .transactional(async (inner) => {
          inner.create(Person, person("inner undone"));
          await inner.flush();
          throw new RangeError("on purpose");
        })
        .catch(() => undefined);
      await em.transactional(async (inner) => {
        inner.create(Person, person("inner kept"));
      });
      expect(await readCentral("kept")).toBeNull();
    });
    const undone = db.em().transactional(async (em) => {
      em.create(Person, person("undone"));
      await em.flush();
      throw new RangeError("on purpose");
    });
    await expect(undone).rejects.toThrow("on purpose");
    const part = db.em().transactional(async (em) => {
      await em.transactional(async (inner) => {
        inner.create(Person, person("kept in what is undone"));
      });
      throw new RangeError("on purpose");
    });
    await expect(part).rejects.toThrow("on purpose");
    const em = db.em().fork();
    await em.begin();
    em.create(Person, person("by hand"));
    await em.commit();
    await em.begin();
    em.create(Person, person("by hand undone"));
    await em.flush();
    await em.rollback();
    em.clear();
    await em.begin();
    em.create(Person, person("by hand again"));
    await em.commit();
  });

  for (const id of ["kept", "inner kept", "by hand", "by hand again"]) {
    expect((await readCentral(id))?.name, id).toBe(id);
  }
  for (const id of ["undone", "inner undone", "kept in what is undone", "by hand undone"]) {
    expect(await readCentral(id), id).toBeNull();
  }
  expect(heard().filter((event) => event === "created acme")).toHaveLength(4);
});

it("C152 F014: waits for the end of a transaction around it, however that ends", async () => {
  const { db, tenancy, acme, globex, Person, CentralPerson, make, readCentral, heard } =
    await startPeople();

  const undone = db.central().transactional(async (em) => {
    await em.insert(CentralPerson, { globalId: "own", name: "own", role: "r", hidden: false });
    await make(acme, { globalId: "ann" });
    throw new RangeError("on purpose");
  });
  await expect(undone).rejects.toThrow("on purpose");
  await tenancy.run(globex, () =>
    db.em().transactional(async () => {
      await make(acme, { globalId: "bob" });
      expect(await readCentral("bob")).toBeNull();
      expect(await db.em().count(Person)).toBe(0);
    }),
  );

  expect(await readCentral("own")).toBeNull();
  expect(await readCentral("ann")).not.toBeNull();
  expect(await readCentral("bob")).not.toBeNull();
  expect(heard().filter((event) => event.startsWith("failure"))).toEqual([]);
});

it("C154: attaches in the transaction that makes the record, and not where that is taken back", async () => {
  const { db, acme, globex, CentralPerson, syncing, read } = await startPeople();
  const make = (globalId: string, fail: boolean) =>
    db.central().transactional(async (em) => {
      const person = em.create(CentralPerson, { globalId, name: globalId, role: "r" } as never);
      await syncing.attachRecords(person, [acme, globex], { em, pivot: { since: 2 } });
      if (fail) throw new RangeError("on purpose");
    });

  await make("ann", false);
  await expect(make("bob", true)).rejects.toThrow("on purpose");

  expect((await read(globex, "ann"))?.name).toBe("ann");
  expect(await read(acme, "bob")).toBeNull();
  const [mapping, ...others] = await syncing.mappings({ tenantId: acme.id });
  expect(mapping).toMatchObject({ globalId: "ann", pivot: { since: 2 } });
  expect(others).toEqual([]);
});
