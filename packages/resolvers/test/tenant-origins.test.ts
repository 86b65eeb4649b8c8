import { ConfigurationError, createTenancy, memoryStore } from "@af-tenancy/core";
import { acme, globex } from "@af-tenancy/testing";
import { expect, it, onTestFinished } from "vitest";
import {
  domainResolver,
  firstOf,
  headerResolver,
  subdomainResolver,
  tenantOrigins,
} from "../src/index.ts";

async function start() {
  const tenants = [acme(), globex()];
  const tenancy = createTenancy({
    store: memoryStore(tenants, {
      domains: new Map([
        ["shop.acme.example", acme().id],
        ["10.0.0.1", acme().id],
      ]),
    }),
  });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  const hosts = firstOf(subdomainResolver({ domain: "saas.example" }), domainResolver());
  return { tenancy, allows: tenantOrigins(tenancy, { hosts }) };
}

it.each([
  ["https://shop.acme.example", true],
  ["https://acme.saas.example", true],
  ["https://globex.saas.example", false],
  ["http://shop.acme.example", false],
  ["https://shop.acme.example:8443", false],
  ["https://shop.acme.example/", false],
  ["https://SHOP.acme.example", false],
  ["https://user@shop.acme.example", false],
  ["https://10.0.0.1", false],
  ["https://nobody.saas.example", false],
  ["https://saas.example", false],
  ["", false],
  [undefined, false],
])(
  "F049: of pages from %j those of the current tenant may read its answers",
  async (origin, allowed) => {
    const { tenancy, allows } = await start();

    expect(await tenancy.run({ by: "slug", value: "acme" }, () => allows(origin))).toBe(allowed);
    expect(await tenancy.run({ by: "slug", value: "globex" }, () => allows(origin))).toBe(
      origin === "https://globex.saas.example",
    );
  },
);

it("F049: nobody's pages may read what is answered outside a tenant", async () => {
  const { tenancy, allows } = await start();

  expect(await tenancy.central(() => allows("https://shop.acme.example"))).toBe(false);
});

it("F049: takes no resolver that believes what anybody can set, and nothing that is none", async () => {
  const { tenancy } = await start();
  const byHeader = headerResolver({ header: "X-Tenant" });

  expect(() => tenantOrigins(tenancy, { hosts: byHeader })).toThrow(ConfigurationError);
  expect(() => tenantOrigins(tenancy, { hosts: {} as never })).toThrow(ConfigurationError);
});
