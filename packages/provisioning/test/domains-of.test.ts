import {
  type CentralRegistry,
  createTenancy,
  memoryDatabases,
  memoryRegistry,
  type TenantDomain,
} from "@af-tenancy/core";
import { describe, expect, expectTypeOf, it } from "vitest";
import { provisioning } from "../src/index.ts";
import { type Engine, siteIn, withSite } from "./crash/engine.ts";
import { onMariadb } from "./crash/mariadb-engine.ts";
import { onPostgresql } from "./crash/postgresql-engine.ts";
import { whyNot } from "./crash/why-not.ts";

const missing: Readonly<Record<string, string | undefined>> = {
  postgresql: await whyNot(() => onPostgresql("select 1")),
  mariadb: await whyNot(() => onMariadb("select 1")),
};
const engines: readonly (Engine | "memory")[] = ["memory", "sqlite", "postgresql", "mariadb"];

describe.each(engines)("the domains of a tenant in a registry: %s", (engine) => {
  const why = missing[engine];

  it.skipIf(why)(
    `S028: lead from the tenant to them and back${why ? ` (skipped: ${why})` : ""}`,
    () =>
      inRegistry(engine, async (registry) => {
        const parts = { registry, databases: memoryDatabases(), provisioning: provisioning() };
        const tenancy = createTenancy(parts);
        await tenancy.start();
        const { tenants } = tenancy;
        const names = ["acme.example.com", "acme.test"];
        const acme = await tenants.create({ slug: "acme", domains: names });
        await tenants.create({ slug: "globex" });
        await tenants.update(acme.id, { domains: ["shop.test", ...names] });

        const domains = await tenants.domains({ by: "slug", value: "acme" });

        expectTypeOf(domains).toEqualTypeOf<readonly TenantDomain[]>();
        expect(domains).toEqual(
          ["shop.test", ...names].map((name, index) => ({
            ...{ name, primary: index === 0, verifiedAt: expect.any(Number) },
          })),
        );
        expect(await tenants.domains(acme.id)).toEqual(domains);
        expect(await tenants.domains({ by: "slug", value: "globex" })).toEqual([]);
        for (const { name } of domains) {
          expect(await tenancy.find({ by: "domain", value: name })).toMatchObject({ id: acme.id });
        }
        await expect(tenants.domains("nobody")).rejects.toMatchObject({ code: "TENANT_NOT_FOUND" });
        await tenancy.close();
      }),
  );
});

function inRegistry(
  engine: Engine | "memory",
  work: (registry: CentralRegistry) => Promise<void>,
): Promise<void> {
  if (engine === "memory") return work(memoryRegistry());
  return withSite(engine, (folder) => work(siteIn(folder).registry()));
}
