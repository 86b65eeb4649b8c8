import {
  ContextEndedError,
  NoTenantContextError,
  TenantMismatchError,
  type TenantRecord,
} from "@af-tenancy/core";
import { expect, it } from "vitest";
import { Note } from "../src/note.ts";
import { startFleet } from "./start-fleet.ts";

it("gives each tenant its own rows", async () => {
  const { db, tenancy } = await startFleet();
  const acme = await tenancy.tenants.create({ slug: "acme" });
  const globex = await tenancy.tenants.create({ slug: "globex" });

  // #region use
  await tenancy.run(acme, async () => {
    const em = db.em();
    em.create(Note, { text: "Hello" });
    await em.flush();
  });
  const notes = await tenancy.run(globex, async () => db.em().findAll(Note)); // []
  // #endregion

  expect(notes).toEqual([]);
  expect(() => db.em()).toThrow(NoTenantContextError);
});

it("keeps transactions and raw SQL in the tenant's database", async () => {
  const { db, tenancy } = await startFleet();
  const acme = await tenancy.tenants.create({ slug: "acme" });

  // #region transaction
  const count = await tenancy.run(acme, async () => {
    await db.em().transactional(async (em) => {
      em.create(Note, { text: "both" });
      em.create(Note, { text: "or none" });
    });
    const [row] = await db.em().execute<{ n: number }[]>("select count(*) as n from note");
    return row?.n;
  });
  // #endregion

  expect(count).toBe(2);
});

it("lets a change be brought to every file", async () => {
  const { db, tenancy } = await startFleet();
  const acme = await tenancy.tenants.create({ slug: "acme" });

  // #region change
  const served = tenancy.store.list({ statuses: ["active"] });
  await tenancy.runForEach(served, async () => {
    const columns = await db.em().execute<{ name: string }[]>("pragma table_info(note)");
    if (columns.some(({ name }) => name === "done")) return; // it may be run again
    await db.em().execute("alter table note add column done integer not null default 0");
  });
  // #endregion

  const rows = tenancy.run(acme, async () => db.em().execute("select done from note"));
  await expect(rows).resolves.toEqual([]);
});

it("does background work in a lane of its own", async () => {
  const { db, tenancy } = await startFleet();
  const acme = await tenancy.tenants.create({ slug: "acme" });
  await tenancy.run(acme, () => db.em().insert(Note, { text: " Hello " }));

  const served = tenancy.store.list({ statuses: ["active"] });
  // #region bulk
  await tenancy.runForEach(served, async () => {
    const em = db.em({ lane: "bulk" }); // requests go first
    for (const note of await em.findAll(Note)) note.text = note.text.trim();
    await em.flush();
  });
  // #endregion

  const [note] = await tenancy.run(acme, () => db.em().findAll(Note));
  expect(note?.text).toBe("Hello");
});

it("gives one entity manager in one stay", async () => {
  const { db, tenancy } = await startFleet();
  const acme = await tenancy.tenants.create({ slug: "acme" });

  await tenancy.run(acme, async () => {
    expect(db.em()).toBe(db.em());
  });
});

it("leaves an entity manager with its tenant, wherever it is used", async () => {
  const { db, tenancy } = await startFleet();
  const acme = await tenancy.tenants.create({ slug: "acme" });
  const globex = await tenancy.tenants.create({ slug: "globex" });

  // #region kept
  await tenancy.run(acme, async () => {
    const em = db.em();
    await tenancy.run(globex, async () => {
      em.create(Note, { text: "of acme" }); // em is acme's, also in here
      db.em().create(Note, { text: "of globex" });
      await Promise.all([em.flush(), db.em().flush()]);
    });
  });
  // #endregion

  const read = (tenant: TenantRecord) =>
    tenancy.run(tenant, async () => db.em().find(Note, { id: 1 }));
  const found = await Promise.all([acme, globex].map(read));
  expect(found).toMatchObject([[{ id: 1, text: "of acme" }], [{ id: 1, text: "of globex" }]]);
});

it("keeps what an entity manager found from another tenant's, and ends with its scope", async () => {
  const { db, tenancy } = await startFleet();
  const acme = await tenancy.tenants.create({ slug: "acme" });
  const globex = await tenancy.tenants.create({ slug: "globex" });
  for (const tenant of [acme, globex]) {
    await tenancy.run(tenant, () => db.em().insert(Note, { text: tenant.slug }));
  }

  const kept = await tenancy.run(acme, async () => {
    const em = db.em();
    await tenancy.run(globex, async () => {
      const note = await em.findOneOrFail(Note, 1);
      expect(note.text).toBe("acme");
      expect(() => db.em().merge(note)).toThrow(TenantMismatchError);
      expect(await db.em().findOneOrFail(Note, 1)).toMatchObject({ text: "globex" });
    });
    return em;
  });

  await expect(kept.findAll(Note)).rejects.toThrow(ContextEndedError);
});
