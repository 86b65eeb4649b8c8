import { type CentralRegistry, createTenancy, type OperationStep } from "@af-tenancy/core";
import { testScale } from "@af-tenancy/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { provisioning } from "../src/index.ts";
import { registrySites } from "./life/registry-sites.ts";
import { type DatabaseSite, databaseSites, Note } from "./support/database-sites.ts";
import { codeThrownBy } from "./support/thrown-by.ts";

const all = registrySites.flatMap((registrySite, row) =>
  databaseSites.map((databaseSite, column) => ({ registrySite, databaseSite, sum: row + column })),
);
/** In the short run each registry and each driver once: neither knows the other. */
const pairs = testScale() < 1 ? all.filter(({ sum }) => sum % registrySites.length === 0) : all;

describe.each(pairs)(
  "a registry on $registrySite.name, tenants in $databaseSite.name $registrySite.missing $databaseSite.missing",
  ({ registrySite, databaseSite }) => {
    it.skipIf(registrySite.missing !== "" || databaseSite.missing !== "")(
      "C014: writes what is created inside a tenant, and what is repaired",
      { timeout: 60_000 },
      async () => {
        const open = await registrySite.make();
        const { tenancy, registry, db, failOnce } = await start(open, databaseSite);
        const acme = await tenancy.tenants.create({ slug: "acme" });

        const globex = await tenancy.run(acme, async () => {
          const made = await tenancy.tenants.create({ slug: "globex", domains: ["globex.test"] });
          expect(tenancy.currentOrFail().id).toBe(acme.id);
          await db.em().insert(Note, { id: 1, text: "of acme" });
          return made;
        });
        failOnce();
        const failing = () => tenancy.run(acme, () => tenancy.tenants.create({ slug: "initech" }));
        expect(await codeThrownBy(failing)).toBe("PROVISIONING_FAILED");
        const report = await tenancy.run(globex, async () => {
          await db.em().insert(Note, { id: 1, text: "of globex" });
          return tenancy.tenants.repair();
        });

        const initech = await registry.store.find({ by: "slug", value: "initech" });
        const notes = new Map<string, readonly string[]>();
        for await (const tenant of registry.store.list()) {
          const found = await tenancy.run(tenant, async () => db.em().find(Note, {}));
          notes.set(
            tenant.slug,
            found.map(({ text }) => text),
          );
        }
        expect(report).toMatchObject({ finished: [{ tenantId: initech?.id }], failed: [] });
        expect(Object.fromEntries(notes)).toEqual({
          ...{ acme: ["of acme"], globex: ["of globex"], initech: [] },
        });
        expect(await tenancy.find({ by: "domain", value: "globex.test" })).toMatchObject({
          ...{ id: globex.id, status: "active", version: globex.version },
        });
        await tenancy.run(globex, async () => tenancy.tenants.purge(acme.id, { skipGrace: true }));
        expect(await registry.store.find({ by: "slug", value: "acme" })).toBeUndefined();
        expect(await tenancy.run(globex, async () => db.em().count(Note))).toBe(1);
      },
    );
  },
);

async function start(open: () => CentralRegistry, site: DatabaseSite) {
  const registry = open();
  const db = await site.make();
  let fails = false;
  const step: OperationStep = {
    name: "once",
    async run() {
      if (!fails) return;
      fails = false;
      throw new RangeError("fails once");
    },
  };
  const operations = provisioning({ creation: { database: [step] } });
  const tenancy = createTenancy({ registry, databases: db, provisioning: operations });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  onTestFinished(async () => {
    for await (const { id } of registry.store.list()) {
      await tenancy.tenants.purge(id, { skipGrace: true });
    }
  }, 60_000);
  return {
    ...{ tenancy, registry, db },
    failOnce() {
      fails = true;
    },
  };
}
