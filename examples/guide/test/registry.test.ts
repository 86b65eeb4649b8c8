import { accessRecorder, type TenancyParts } from "@af-tenancy/core";
import { expect, it, vi } from "vitest";
import { startFleet } from "./start-fleet.ts";

it("remembers when tenants were last entered", async () => {
  // #region accesses
  const parts = { bootstrappers: [accessRecorder({ periodMs: 60_000 })] }; // for createTenancy
  // #endregion
  const { tenancy, registry } = await startFleet(parts);
  const acme = await tenancy.tenants.create({ slug: "acme" });
  await tenancy.tenants.create({ slug: "globex" });

  await tenancy.run(acme, () => undefined);
  await parts.bootstrappers[0]?.close?.();

  const find = (value: string) => registry.store.find({ by: "slug", value });
  expect(await find("acme")).toMatchObject({ version: acme.version });
  expect((await find("acme"))?.lastAccessedAt).toBeGreaterThanOrEqual(acme.createdAt);
  expect((await find("globex"))?.lastAccessedAt).toBeUndefined();
});

it("tells consumers of every change", async () => {
  const written: string[] = [];
  const index = {
    write: async (id: string, type: string, version: number) =>
      void written.push(`${id} ${type} ${version}`),
  };
  // #region consumers
  const parts: TenancyParts = {
    consumers: {
      "search-index": async ({ type, tenantId, version }) => index.write(tenantId, type, version),
    },
  }; // for createTenancy
  // #endregion
  const { tenancy } = await startFleet(parts);

  const { id, version } = await tenancy.tenants.create({ slug: "acme" });

  await vi.waitUntil(() => written.includes(`${id} tenant.created ${version}`));
});
