import { centralDomains, createTenancy, memoryStore } from "@af-tenancy/core";
import { domainResolver, firstOf, subdomainResolver } from "@af-tenancy/resolvers";
import { acme, tenancyRequest, tenantResolverContract } from "@af-tenancy/testing";
import { expect, it } from "vitest";
import { accountResolver, BadAccountError } from "../src/account-resolver.ts";

it("asks resolvers in turn", async () => {
  const store = memoryStore([acme()], { domains: new Map([["shop.acme.com", acme().id]]) });

  // #region compose
  const tenancy = createTenancy({
    store,
    central: ["example.com", "localhost"],
    // acme.example.com is the tenant with the slug "acme", shop.acme.com the one that has this domain
    resolve: firstOf(subdomainResolver({ domain: "example.com" }), domainResolver()),
  });
  // #endregion

  await tenancy.start();
  const tenantOf = async (host: string) =>
    tenancy.handle({
      request: tenancyRequest({ host }),
      mode: "universal",
      next: () => tenancy.current()?.slug ?? "central",
      onClosed: (listener) => listener(false),
    });
  expect(await tenantOf("ACME.example.com.:8080")).toBe("acme");
  expect(await tenantOf("shop.acme.com")).toBe("acme");
  expect(await tenantOf("example.com")).toBe("central");
  await expect(tenantOf("globex.example.com")).rejects.toThrow('slug "globex"');
  await expect(tenantOf("10.0.0.1")).rejects.toThrow("cannot tell the tenant");
});

it("refuses a header with two tenants in it", () => {
  const request = tenancyRequest({ headers: [["X-Account", "acme-id, globex-id"]] });

  const resolve = () => accountResolver().resolve(request, centralDomains([]));

  expect(resolve).toThrow(BadAccountError);
});

// #region contract
tenantResolverContract("account", {
  create: () => accountResolver(),
  central: centralDomains(["example.com"]),
  tenants: [
    {
      request: tenancyRequest({ headers: [["x-account", "acme-id"]] }),
      candidates: [{ by: "id", value: "acme-id" }],
    },
  ],
  silent: [tenancyRequest()],
  refused: [
    tenancyRequest({ headers: [["X-Account", "a b"]] }),
    tenancyRequest({
      headers: [
        ["X-Account", "acme-id"],
        ["X-Account", "globex-id"],
      ],
    }),
  ],
});
// #endregion
