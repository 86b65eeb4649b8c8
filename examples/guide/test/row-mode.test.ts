import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { join } from "node:path";
import { createTenancy } from "@af-tenancy/core";
import { UnscopedSqlError } from "@af-tenancy/database";
import { provisioning } from "@af-tenancy/provisioning";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { defineEntity, p } from "@mikro-orm/sqlite";
import { expect, it, onTestFinished } from "vitest";
import { Note } from "../src/note.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const Country = defineEntity({
  name: "Country",
  properties: { code: p.string().primary(), name: p.string() },
});

async function startSharedFleet() {
  const folder = await temporaryFolder();
  // #region compose
  const db = sqlite({
    folder: join(folder, "tenants"),
    entities: [Note, Country],
    strategies: ["row"],
    global: [Country],
  });
  // #endregion
  const registry = sqliteRegistry({ file: join(folder, "registry.sqlite") });
  const tenancy = createTenancy({ registry, databases: db, provisioning: provisioning() });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  return { db, tenancy };
}

it("keeps tenants apart in the same tables", async () => {
  const { db, tenancy } = await startSharedFleet();
  const acme = await tenancy.tenants.create({ slug: "acme" });
  const globex = await tenancy.tenants.create({ slug: "globex" });
  for (const tenant of [acme, globex]) {
    await tenancy.run(tenant, () => db.em().insert(Note, { id: 1, text: tenant.slug }));
  }

  const notes = await tenancy.run(acme, async () => db.em().findAll(Note));

  expect(notes).toMatchObject([{ id: 1, text: "acme" }]);
  expect(await tenancy.run(acme, async () => db.em().count(Note))).toBe(1);
});

it("lets raw SQL through one named door", async () => {
  const { db, tenancy } = await startSharedFleet();
  const acme = await tenancy.tenants.create({ slug: "acme" });
  const reasons: unknown[] = [];
  const listener = (message: unknown) => reasons.push(message);
  subscribe("af-tenancy:unscoped", listener);
  onTestFinished(() => void unsubscribe("af-tenancy:unscoped", listener));

  const refused = tenancy.run(acme, async () => db.em().execute("select count(*) from note"));
  await expect(refused).rejects.toThrow(UnscopedSqlError);
  const counted = await tenancy.run(acme, async () => {
    // #region unscoped
    const [row] = await db.unscoped("monthly report", (em) =>
      em.execute<{ n: number }[]>("select count(*) as n from note where tenant_id = ?", [acme.id]),
    );
    // #endregion
    return row?.n;
  });

  expect(counted).toBe(0);
  expect(reasons).toEqual([{ tenantId: acme.id, reason: "monthly report" }]);
});
