import { createTenancy, memoryDatabases, memoryRegistry, type NewTenant } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { provisioning } from "../src/index.ts";
import { codeThrownBy } from "./support/thrown-by.ts";

const refused: [what: string, wanted: NewTenant, code: string][] = [
  ["a slug of another form", { slug: "A b" }, "INVALID_INPUT"],
  ["a slug that is taken", { slug: "acme" }, "SLUG_TAKEN"],
  ["a slug that is reserved", { slug: "www" }, "NAME_RESERVED"],
  ["a domain that is taken", { slug: "new", domains: ["acme.example.com"] }, "DOMAIN_TAKEN"],
  ["an id that is taken", { slug: "new", id: "acme" }, "TENANT_EXISTS"],
  ["another's database", { slug: "new", placement: { name: "acme_data" } }, "DATABASE_OWNED"],
  ["a server that there is not", { slug: "new", placement: { driver: "none" } }, "UNKNOWN_DRIVER"],
];

it.each(refused)("tells beforehand that create refuses %s", async (_, wanted, code) => {
  const { tenants } = await start();

  expect(await codeThrownBy(() => tenants.rehearse(wanted))).toBe(code);
  expect(await codeThrownBy(() => tenants.create(wanted))).toBe(code);
});

it("tells beforehand what update refuses, and takes a tenant's own names for free", async () => {
  const { tenants } = await start();
  await tenants.create({ slug: "globex" });
  const globex = { by: "slug", value: "globex" };

  await tenants.rehearse({ slug: "globex", name: "Globex", domains: ["globex.test"] }, globex);
  expect(await codeThrownBy(() => tenants.rehearse({ slug: "acme" }, globex))).toBe("SLUG_TAKEN");
  expect(
    await codeThrownBy(() => tenants.rehearse({ domains: ["acme.example.com"] }, globex)),
  ).toBe("DOMAIN_TAKEN");
  expect(await codeThrownBy(() => tenants.rehearse({ name: "" }, globex))).toBe("INVALID_INPUT");
});

it("changes nothing", async () => {
  const tenancy = await start();
  const { tenants } = tenancy;

  await tenants.rehearse({ slug: "new", domains: ["new.example.com"] });

  expect(await tenancy.find({ by: "slug", value: "new" })).toBe(undefined);
  await tenants.create({ slug: "new", domains: ["new.example.com"] });
});

async function start() {
  const tenancy = createTenancy({
    ...{ registry: memoryRegistry(), databases: memoryDatabases() },
    provisioning: provisioning(),
  });
  await tenancy.start();
  await tenancy.tenants.create({
    ...{ slug: "acme", id: "acme", domains: ["acme.example.com"] },
    placement: { name: "acme_data" },
  });
  return tenancy;
}
