import { createTenancy, memoryDatabases, memoryRegistry, type TenantLike } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { provisioning } from "../src/index.ts";
import { codeThrownBy } from "./support/thrown-by.ts";

it.each([
  ["its record", { id: "acme" }],
  ["its id", "acme"],
  ["a reference", { by: "slug", value: "acme" }],
])("takes a tenant by %s, whatever is done with it", async (_, named) => {
  const { tenants } = await start();
  const acme = await tenants.create({ slug: "acme", id: "acme", domains: ["acme.example.com"] });
  const tenant = (typeof named === "object" && "id" in named ? acme : named) as TenantLike<
    typeof acme
  >;

  await tenants.update(tenant, { name: "Acme", idempotencyKey: "key-1" });
  await tenants.update(tenant, { name: "Acme", idempotencyKey: "key-1" });
  const domains = await tenants.domains(tenant);
  const copy = await tenants.clone(tenant, { slug: "copy", idempotencyKey: "key-2" });
  const suspended = await tenants.suspend(tenant);
  await tenants.purge(tenant, { skipGrace: true });

  expect(domains).toMatchObject([{ name: "acme.example.com" }]);
  expect([copy.status, suspended]).toMatchObject(["active", { name: "Acme", status: "suspended" }]);
  expect(await codeThrownBy(() => tenants.resume(tenant))).toBe("TENANT_NOT_FOUND");
});

it.each([null, undefined, 5, {}, { by: "slug" }, { id: 5 }])(
  "refuses %o in a tenant's place",
  async (value) => {
    const { tenants } = await start();

    expect(await codeThrownBy(() => tenants.suspend(value as never))).toBe("INVALID_TENANT");
    expect(await codeThrownBy(() => tenants.update(value as never, { name: "a" }))).toBe(
      "INVALID_TENANT",
    );
  },
);

async function start() {
  const tenancy = createTenancy({
    ...{ registry: memoryRegistry(), databases: memoryDatabases() },
    provisioning: provisioning(),
  });
  await tenancy.start();
  return tenancy;
}
