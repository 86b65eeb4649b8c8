import {
  createTenancy,
  memoryDatabases,
  memoryRegistry,
  memoryStore,
  TenantDeniedError,
} from "@af-tenancy/core";
import { provisioning } from "@af-tenancy/provisioning";
import { domainResolver } from "@af-tenancy/resolvers";
import {
  acme,
  tenancyRequest,
  tenantRecord,
  tenantStoreContract,
  testScale,
} from "@af-tenancy/testing";
import { expect, it } from "vitest";

it("tests an application without a server", async () => {
  // #region memory
  const databases = memoryDatabases();
  const tenancy = createTenancy({
    registry: memoryRegistry(),
    databases,
    provisioning: provisioning(),
  });
  await tenancy.start();
  const acme = await tenancy.tenants.create({ slug: "acme" });
  const globex = await tenancy.tenants.create({ slug: "globex" });

  await tenancy.run(acme, async () => databases.get().set("note-1", "Hello"));
  const seen = await tenancy.run(globex, async () => databases.get().size);

  expect(seen).toBe(0);
  await tenancy.close();
  // #endregion
});

it("asks for a request as an adapter would", async () => {
  // #region fixtures
  const suspended = tenantRecord({ slug: "initech", status: "suspended" });
  const domains = new Map([
    ["acme.example.com", acme().id],
    ["initech.example.com", suspended.id],
  ]);
  const tenancy = createTenancy({
    store: memoryStore([acme(), suspended], { domains }),
    resolve: domainResolver(),
  });
  await tenancy.start();
  const slugFor = async (host: string) =>
    tenancy.handle({
      request: tenancyRequest({ host }),
      mode: "tenant",
      next: () => tenancy.currentOrFail().slug,
      onClosed: (listener) => listener(false),
    });

  expect(await slugFor("acme.example.com")).toBe("acme");
  await expect(slugFor("initech.example.com")).rejects.toThrow(TenantDeniedError);
  // #endregion
});

// #region contract
tenantStoreContract("memory store", {
  create({ tenants, domains = [] }) {
    const verified = domains.filter(({ verifiedAt }) => verifiedAt !== undefined);
    return memoryStore(tenants, {
      domains: new Map(verified.map(({ name, tenantId }) => [name, tenantId])),
    });
  },
});
// #endregion

it("runs long tests small", () => {
  // #region scale
  const rounds = Math.ceil(10_000 * testScale()); // 1,000, and 10,000 with AF_TEST_SCALE=1
  // #endregion

  expect(rounds).toBeGreaterThan(0);
});
