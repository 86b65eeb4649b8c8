import { createTenancy, type TenantRecord } from "@af-tenancy/core";
import { testScale } from "@af-tenancy/testing";
import { defineEntity, p } from "@mikro-orm/sqlite";
import { describe, expect, it } from "vitest";
import { provisioning } from "../src/index.ts";
import { type Engine, locationOf, siteIn, withSite } from "./crash/engine.ts";
import { onMariadb } from "./crash/mariadb-engine.ts";
import { onPostgresql } from "./crash/postgresql-engine.ts";
import { whyNot } from "./crash/why-not.ts";
import { gate } from "./support/gate.ts";

/** The others differ from these by what the long run shows. */
const engines: readonly Engine[] = [
  ...(["sqlite", "sqlite-row", "postgresql-schema", "mariadb-row"] as const),
  ...(testScale() < 1 ? [] : (["postgresql", "postgresql-row", "mariadb"] as const)),
];
const missing: Readonly<Record<string, string | undefined>> = {
  postgresql: await whyNot(() => onPostgresql("select 1")),
  mariadb: await whyNot(() => onMariadb("select 1")),
};

describe.each(engines)("a clone on %s", (engine) => {
  const why = missing[engine.split("-")[0] ?? ""];
  const title = why === undefined ? "" : ` (skipped: ${why})`;

  it.skipIf(why)(
    `S039 F124: has every row of its source at one moment, while that is used, and is apart from it${title}`,
    { timeout: 60_000 },
    () =>
      withSite(engine, async (folder) => {
        const { tenancy, db, fill, parts, add, inTransaction } = await start(folder);
        const acme = await tenancy.tenants.create({ slug: "acme", plan: "gold" });
        const globex = await tenancy.tenants.create({ slug: "globex" });
        await fill(acme);
        await fill(globex);
        const before = await parts(acme);
        const [begun, goOn] = [gate(), gate()];
        // Where one file has all tenants a clone waits for who writes to it, as everybody does.
        const writing =
          engine === "sqlite-row"
            ? undefined
            : inTransaction(acme, async (write) => {
                await write("late");
                begun.open();
                await goOn.opened;
                await write("later");
              });
        if (writing !== undefined) await Promise.race([begun.opened, writing]);

        const copy = await tenancy.tenants.clone(acme.id, {
          slug: "copy",
          domains: ["copy.example.com"],
        });
        goOn.open();
        await writing;

        expect(copy).toMatchObject({ status: "active", plan: "gold" });
        expect(copy.id).not.toBe(acme.id);
        expect(await parts(copy)).toEqual(before);
        expect(await parts(globex)).toEqual(before);
        const { placement } = copy;
        const owner =
          placement && (await db.manager(placement).inspect({ tenantId: copy.id, placement }));
        expect(owner?.owner).toEqual({ tenantId: copy.id, generation: 1 });
        const added = await add(copy, "only in the copy");
        expect(added).toBeGreaterThan(count);
        expect((await parts(copy)).length).toBe(before.length + 1);
        expect((await parts(acme)).length).toBe(before.length + (writing === undefined ? 0 : 2));
        await tenancy.tenants.purge(copy.id, { skipGrace: true });
        expect((await parts(globex)).length).toBe(before.length);
        await tenancy.close();
      }),
  );
});

/** More than one statement inserts. */
const count = 600;

/** Tables that refer to themselves and to each other, with values that clients like to change. */
function entities() {
  const Part = defineEntity({
    name: "Part",
    properties: {
      id: p.integer().primary(),
      text: p.string(),
      body: p.blob().nullable(),
      tags: p.json().$type<Readonly<Record<string, unknown>>>().nullable(),
      price: p.decimal().precision(20).scale(6).nullable(),
      at: p.datetime(3).nullable(),
      parent: () => p.manyToOne(Part).nullable(),
      best: () => p.manyToOne(Tool).nullable(),
    },
  });
  const Tool = defineEntity({
    name: "Tool",
    properties: { id: p.integer().primary(), part: () => p.manyToOne(Part) },
  });
  return [Part, Tool] as const;
}

async function start(folder: string) {
  const site = siteIn(folder);
  const [Part, Tool] = entities();
  const db = site.databases(500, [Part, Tool]);
  const { tag, engine } = locationOf(folder);
  // Tenants in shared tables have one counter in common, which is none of a clone's.
  const isShared = engine.endsWith("-row");
  let [ids, own] = [0, 10_000];
  const next = () => (isShared ? { id: ++own } : {});
  const tenancy = createTenancy({
    registry: site.registry(),
    databases: db,
    provisioning: provisioning({ generateId: () => `${tag}n${++ids}` }),
  });
  await tenancy.start();
  const row = (index: number) => ({
    id: index + 1,
    text: `it's \\ "${index}" ü 🜁 \n`,
    body: Buffer.from([0, 255, 39, 92, index % 256]),
    tags: index % 2 === 0 ? { list: [index, null, "ü"] } : null,
    price: "12345678901234.567891",
    at: new Date(Date.UTC(2026, 9, 25, 0, 30, 0, index)),
    // Most refer to one that comes after them.
    parent: index === 0 ? null : ((index + 1) % count) + 1,
    best: index === 0 ? 1 : null,
  });
  return {
    ...{ tenancy, db },
    fill: (tenant: TenantRecord) =>
      tenancy.run(tenant, async () => {
        const rows = Array.from({ length: count }, (_, index) => row(index));
        const bare = rows.map(({ id, ...one }) => ({
          ...{ ...one, parent: null, best: null },
          ...(isShared && { id }),
        }));
        await db.em().transactional(async (em) => {
          await em.insertMany(Part, bare);
          await em.insert(Tool, { id: 1, part: 1 });
        });
        const em = db.em().fork();
        const found = await em.find(Part, {}, { orderBy: { id: "asc" } });
        for (const [index, one] of found.entries()) {
          const { parent, best } = row(index);
          if (index > 3 && index < count - 3) continue;
          if (parent !== null) one.parent = em.getReference(Part, parent);
          if (best !== null) one.best = em.getReference(Tool, best);
        }
        await em.flush();
      }),
    parts: (tenant: TenantRecord) =>
      tenancy.run(tenant, async () => {
        const found = await db.em().find(Part, {}, { orderBy: { id: "asc" } });
        return found.map(({ id, text, body, tags, price, at, parent, best }) => ({
          ...{ id, text, tags, price, at: at?.toISOString() },
          ...{ body: body && Buffer.from(body).toString("hex") },
          ...{ parent: parent?.id, best: best?.id },
        }));
      }),
    add: (tenant: TenantRecord, text: string) =>
      tenancy.run(tenant, async () => Number(await db.em().insert(Part, { ...next(), text }))),
    inTransaction: (
      tenant: TenantRecord,
      work: (write: (text: string) => Promise<unknown>) => Promise<void>,
    ) =>
      tenancy.run(tenant, () =>
        db.em().transactional((em) => work((text) => em.insert(Part, { ...next(), text }))),
      ),
  };
}
