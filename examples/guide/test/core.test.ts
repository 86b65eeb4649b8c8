import { createTenancy, memoryStore, type Tenant, valueKey } from "@af-tenancy/core";
import { expect, it } from "vitest";

it("enters a tenant of the application's own class", async () => {
  // #region use
  const GREETING = valueKey<string>("my-app:greeting");
  const acme: Tenant = {
    id: "acme-1",
    slug: "acme",
    status: "active",
    version: 1,
    placement: undefined,
  };

  const tenancy = createTenancy({
    store: memoryStore([acme]),
    bootstrappers: [
      {
        name: "greeting",
        bootstrap: (scope) => scope.provide(GREETING, () => `Hello ${scope.tenant.slug}`),
      },
    ],
  });
  await tenancy.start();

  const greeting = await tenancy.run({ by: "slug", value: "acme" }, async () =>
    tenancy.get(GREETING),
  );
  // "Hello acme"; tenancy.get(GREETING) throws NO_TENANT_CONTEXT here

  await tenancy.close();
  // #endregion

  expect(greeting).toBe("Hello acme");
});
