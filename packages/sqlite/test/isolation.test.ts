import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as turn } from "node:timers/promises";
import {
  ContextEndedError,
  NoTenantContextError,
  TenantMismatchError,
  type TenantRecord,
} from "@af-tenancy/core";
import { defineEntity, p, TransactionContext } from "@mikro-orm/sqlite";
import { expect, it } from "vitest";
import { Author, Note } from "./entities.ts";
import { type Fleet, startFleet } from "./fleet.ts";

it("C020: keeps rows with the same key apart while two tenants overlap", async () => {
  const { db, tenancy, acme, globex } = await startFleet();
  const steps: string[] = [];

  function work(
    tenant: TenantRecord,
    pauses: readonly (() => unknown)[],
  ): Promise<string | undefined> {
    return tenancy.run(tenant, async () => {
      for (const [id, pause] of pauses.entries()) {
        db.em().create(Note, { id, text: `CANARY_${tenant.slug}_${id}` });
        await db.em().flush();
        steps.push(tenant.slug);
        await pause();
      }
      const texts = (
        await db
          .em()
          .fork()
          .find(Note, {}, { orderBy: { id: 1 } })
      ).map(({ text }) => text);
      return texts.join();
    });
  }
  const begun = Promise.withResolvers<void>();
  const byAcme = work(acme, [() => begun.promise, turn]);
  const byGlobex = work(globex, [begun.resolve, () => byAcme, turn]);
  const [ofAcme, ofGlobex] = await Promise.all([byAcme, byGlobex]);

  expect(steps).toContain("acme");
  expect(steps.at(-1)).toBe("globex");
  expect(ofAcme).toBe("CANARY_acme_0,CANARY_acme_1");
  expect(ofGlobex).toBe("CANARY_globex_0,CANARY_globex_1,CANARY_globex_2");
});

it("F014: never takes one tenant's transaction, or the registry's, for another's", async () => {
  const fleet = await startFleet();
  const { db, tenancy, registry, acme, globex } = fleet;
  for (const tenant of [acme, globex]) await writeNote(fleet, tenant, 1, tenant.slug);
  const read = async () => (await db.em().findOneOrFail(Note, 1, { refresh: true })).text;

  async function nest(depth: number, seed: number): Promise<void> {
    const tenant = seed % 2 === 0 ? acme : globex;
    await tenancy.run(tenant, async () => {
      expect(await read()).toBe(tenant.slug);
      await db.em().transactional(async (em) => {
        expect(db.em()).toBe(em);
        expect(await read()).toBe(tenant.slug);
        expect((await em.fork({ keepTransactionContext: true }).findOneOrFail(Note, 1)).text).toBe(
          tenant.slug,
        );
        if (depth > 0) await other(depth - 1, Math.floor(seed / 2), tenant);
        expect(await read()).toBe(tenant.slug);
      });
      expect(await read()).toBe(tenant.slug);
    });
  }
  async function other(depth: number, seed: number, outer: TenantRecord): Promise<void> {
    if (seed % 3 === 0) {
      await registry.transaction(async ({ tenants }) => {
        expect(await tenants.domains(outer.id)).toEqual([]);
        expect(await read()).toBe(outer.slug);
      });
    }
    // A second transaction of the same tenant would wait for the one around it.
    if (depth === 1) await nest(0, outer === acme ? 1 : 0);
  }

  for (let seed = 0; seed < 60; seed++) await nest(2, seed);
  await Promise.all(Array.from({ length: 60 }, (_, seed) => nest(0, seed)));
});

it("F014: gives the transaction's entity manager in its own scope only", async () => {
  const { db, tenancy, acme } = await startFleet();

  await tenancy.run(acme, async () => {
    const outer = db.em();
    await outer.transactional(async (em) => {
      expect(db.em()).toBe(em);
      const inScopeOfItsOwn = await tenancy.central(() => tenancy.run(acme, () => db.em()));
      expect(inScopeOfItsOwn).not.toBe(em);
      expect(inScopeOfItsOwn.name).not.toBe(em.name);
    });
    expect(db.em()).toBe(outer);
  });
});

it("F014: refuses an entity manager that stands in the context and is another tenant's", async () => {
  const { db, tenancy, acme, globex } = await startFleet();
  const foreign = await tenancy.run(globex, () => db.em().fork());

  const used = tenancy.run(acme, async () => {
    Object.assign(foreign, { name: db.em().name });
    await db.em().transactional(() => TransactionContext.create(foreign, async () => db.em()));
  });

  await expect(used).rejects.toThrow(TenantMismatchError);
});

it.each<[string, (fleet: Fleet, foreign: { author: object; note: object }) => unknown]>([
  ["persisted", ({ db }, { note }) => db.em().persist(note).flush()],
  ["persisted in a list", ({ db }, { note }) => db.em().persist([note]).flush()],
  ["removed", ({ db }, { note }) => db.em().remove(note).flush()],
  ["merged", ({ db }, { note }) => db.em().merge(note)],
  ["assigned", ({ db }, { note }) => db.em().assign(note, { text: "stolen" } as never)],
  ["refreshed", ({ db }, { note }) => db.em().refresh(note)],
  ["populated", ({ db }, { note }) => db.em().populate([note], ["author"] as never)],
  ["upserted", ({ db }, { note }) => db.em().upsert(note as never)],
  ["inserted", ({ db }, { note }) => db.em().insert(note as never)],
  [
    "related to a new entity",
    ({ db }, { author }) => {
      db.em().create(Note, { id: 9, text: "mine", author: author as never });
      return db.em().flush();
    },
  ],
  [
    "related to a loaded entity",
    async ({ db }, { author }) => {
      const own = await db.em().findOneOrFail(Note, 1);
      own.author = author as never;
      await db.em().flush();
    },
  ],
])("F015: an entity of one tenant that is %s in another throws before any SQL", async (_, use) => {
  const fleet = await startFleet();
  const { db, tenancy, acme, globex } = fleet;
  for (const tenant of [acme, globex]) {
    await tenancy.run(tenant, async () => {
      db.em().create(Note, {
        id: 1,
        text: tenant.slug,
        author: db.em().create(Author, { id: 1, name: tenant.slug }),
      });
      await db.em().flush();
    });
  }
  const foreign = await tenancy.run(acme, async () => {
    const note = await db.em().findOneOrFail(Note, 1, { populate: ["author"] });
    note.text = "changed";
    return { note, author: note.author as object };
  });

  const used = tenancy.run(globex, async () => {
    await use(fleet, foreign);
  });

  await expect(used).rejects.toThrow(TenantMismatchError);
  for (const tenant of [acme, globex]) {
    const found = await tenancy.run(tenant, async () => {
      const notes = await db.em().find(Note, {}, { populate: ["author"] });
      return notes.map(({ id, text, author }) => [id, text, author?.name]);
    });
    expect(found).toEqual([[1, tenant.slug, tenant.slug]]);
  }
});

it.each(["to-one", "to-many"] as const)(
  "F015: looks through %s relations that nothing cascades along",
  async (relation) => {
    const Memo = defineEntity({
      name: "Memo",
      properties: {
        id: p.integer().primary(),
        to: () => p.manyToOne(Author).cascade().nullable(),
        copies: () => p.manyToMany(Author).cascade(),
      },
    });
    const fleet = await startFleet({ entities: [Memo, Author] });
    const { db, tenancy, acme, globex } = fleet;
    for (const tenant of [acme, globex]) {
      await tenancy.run(tenant, () => db.em().insert(Author, { id: 1, name: tenant.slug }));
    }
    const foreign = await tenancy.run(acme, () => db.em().findOneOrFail(Author, 1));

    const used = tenancy.run(globex, async () => {
      const memo = db.em().create(Memo, { id: 1 });
      if (relation === "to-one") memo.to = foreign;
      else memo.copies.add(foreign);
      await db.em().flush();
    });

    await expect(used).rejects.toThrow(TenantMismatchError);
    expect(await tenancy.run(globex, () => db.em().count(Memo))).toBe(0);
  },
);

it("reaches no database around its tenants", async () => {
  const { db, tenancy, acme } = await startFleet();

  const driver = await tenancy.run(acme, () => db.em().getDriver());
  const shared = Object.getPrototypeOf(Object.getPrototypeOf(driver)) as typeof driver;

  expect(() => shared.getConnection()).toThrow(NoTenantContextError);
  await expect(async () => shared.execute("select 1")).rejects.toThrow(NoTenantContextError);
});

it("F015: knows an entity of another tenant that was never written", async () => {
  const { db, tenancy, acme, globex } = await startFleet();
  const foreign = await tenancy.run(acme, () => db.em().create(Note, { id: 1, text: "acme" }));

  const used = tenancy.run(globex, async () => {
    await db.em().persist(foreign).flush();
  });

  await expect(used).rejects.toThrow(TenantMismatchError);
});

it("lets a tenant's own entity come back in a later scope", async () => {
  const fleet = await startFleet();
  const { db, tenancy, acme } = fleet;
  await writeNote(fleet, acme, 1, "first");
  const note = await tenancy.run(acme, () => db.em().findOneOrFail(Note, 1));

  await tenancy.run(acme, async () => {
    db.em().merge(note).text = "second";
    await db.em().flush();
  });

  expect(await readNote(fleet, acme, 1)).toBe("second");
});

it("F016: gives no entity manager where there is no tenant", async () => {
  const { db, tenancy, acme } = await startFleet();

  expect(() => db.em()).toThrow(NoTenantContextError);
  expect(() => tenancy.central(() => db.em())).toThrow(NoTenantContextError);
  let late: (() => unknown) | undefined;
  await tenancy.run(acme, () => {
    late = AsyncLocalStorage.bind(() => db.em());
  });
  expect(() => late?.()).toThrow(ContextEndedError);
});

it("F092: gives every scope an identity map of its own", async () => {
  const fleet = await startFleet();
  const { db, tenancy, acme } = fleet;
  await writeNote(fleet, acme, 1, "text");
  const read = () => tenancy.run(acme, () => db.em().findOneOrFail(Note, 1));

  const [first, second] = [await read(), await read()];
  const [third, same] = await tenancy.run(acme, async () => [
    await db.em().findOneOrFail(Note, 1),
    await db.em().findOneOrFail(Note, 1),
  ]);

  expect(first).not.toBe(second);
  expect(third).toBe(same);
});

it.each<[string, { cache: number | [string, number] }]>([
  ["an automatic key", { cache: 60_000 }],
  ["a named key", { cache: ["notes", 60_000] }],
])("F100: shares no cached result between tenants under %s", async (_, options) => {
  const fleet = await startFleet();
  const { db, tenancy, acme, globex } = fleet;
  for (const tenant of [acme, globex]) await writeNote(fleet, tenant, 1, tenant.slug);
  const find = (tenant: TenantRecord) =>
    tenancy.run(tenant, async () =>
      (await db.em().find(Note, {}, options)).map(({ text }) => text),
    );
  const build = (tenant: TenantRecord) =>
    tenancy.run(tenant, async () => {
      const query = db.em().createQueryBuilder(Note).select("*").cache(options.cache);
      return (await query.getResultList()).map(({ text }) => text);
    });

  expect([await find(acme), await find(globex)]).toEqual([["acme"], ["globex"]]);
  expect([await build(acme), await build(globex)]).toEqual([["acme"], ["globex"]]);
  await writeNote(fleet, acme, 2, "later");
  expect([await find(acme), await find(globex)]).toEqual([["acme"], ["globex"]]);
});

it("F100: clears a cached result of its own tenant only", async () => {
  const fleet = await startFleet();
  const { db, tenancy, acme, globex } = fleet;
  const count = (tenant: TenantRecord) =>
    tenancy.run(tenant, () => db.em().count(Note, {}, { cache: ["count", 60_000] }));
  for (const tenant of [acme, globex]) await count(tenant);
  for (const tenant of [acme, globex]) await writeNote(fleet, tenant, 1, "new");

  await tenancy.run(acme, () => db.em().clearCache("count"));

  expect([await count(acme), await count(globex)]).toEqual([1, 0]);
});

async function writeNote({ db, tenancy }: Fleet, tenant: TenantRecord, id: number, text: string) {
  await tenancy.run(tenant, async () => {
    db.em().create(Note, { id, text });
    await db.em().flush();
  });
}

function readNote({ db, tenancy }: Fleet, tenant: TenantRecord, id: number) {
  return tenancy.run(tenant, async () => (await db.em().findOneOrFail(Note, id)).text);
}
