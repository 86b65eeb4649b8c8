import { join } from "node:path";
import { createTenancy, memoryDatabases, type TenantResolver } from "@af-tenancy/core";
import { provisioning } from "@af-tenancy/provisioning";
import { sqliteRegistry } from "@af-tenancy/sqlite";
import { tenancyRequest } from "@af-tenancy/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  domainOrSubdomainResolver,
  domainResolver,
  firstOf,
  subdomainResolver,
  wildcardDomainResolver,
} from "../src/index.ts";
import { temporaryFolder } from "./temporary-folder.ts";

describe("hosts against a registry on SQLite", () => {
  it("C077 C078: finds the one owner of a domain, whatever its spelling, and nobody for another one", async () => {
    const { tenants, slugOf } = await start(domainResolver());
    await tenants.create({ slug: "acme", domains: ["acme.com"], database: false });
    await tenants.create({ slug: "globex", domains: ["globex.com"], database: false });

    expect(await slugOf("ACME.com.:443")).toBe("acme");
    expect(await slugOf("globex.com")).toBe("globex");
    await expect(slugOf("hooli.com")).rejects.toMatchObject({ code: "TENANT_NOT_FOUND" });
    await expect(
      tenants.create({ slug: "hooli", domains: ["acme.com"], database: false }),
    ).rejects.toMatchObject({ code: "DOMAIN_TAKEN", status: 409 });
    await expect(
      tenants.create({ slug: "hooli", domains: ["ACME.com"], database: false }),
    ).rejects.toThrow('write "acme.com"');
  });

  it("F027: an exact domain wins over a wildcard, and a central host over both", async () => {
    const { tenants, slugOf } = await start(wildcardDomainResolver());
    await tenants.create({ slug: "acme", domains: ["*.acme.com", "acme.com"], database: false });
    await tenants.create({ slug: "globex", domains: ["blog.acme.com"], database: false });
    await tenants.create({ slug: "hooli", domains: ["*.hooli.example.com"], database: false });

    expect(await slugOf("shop.acme.com")).toBe("acme");
    expect(await slugOf("acme.com")).toBe("acme");
    expect(await slugOf("blog.acme.com")).toBe("globex");
    expect(await slugOf("x.hooli.example.com")).toBe("hooli");
    expect(await slugOf("example.com")).toBe("central");
    for (const host of ["a.b.acme.com", "hooli.example.com", "com", "acme.com.evil.com"]) {
      await expect(slugOf(host), host).rejects.toMatchObject({ code: "TENANT_NOT_FOUND" });
    }
  });

  it("F027: a wildcard belongs to one tenant, and names nobody where wildcards are not asked for", async () => {
    const { tenants, slugOf } = await start(domainResolver());
    await tenants.create({ slug: "acme", domains: ["*.acme.com"], database: false });

    await expect(
      tenants.create({ slug: "globex", domains: ["*.acme.com"], database: false }),
    ).rejects.toMatchObject({ code: "DOMAIN_TAKEN" });
    await expect(slugOf("shop.acme.com")).rejects.toMatchObject({ code: "TENANT_NOT_FOUND" });
    await expect(slugOf("*.acme.com")).rejects.toMatchObject({ code: "INVALID_HOST" });
  });

  it("C083: a label or a whole host finds its tenant, the label first", async () => {
    const { tenants, slugOf } = await start(domainOrSubdomainResolver({ domain: "example.com" }));
    await tenants.create({ slug: "acme", domains: ["globex.example.com"], database: false });
    await tenants.create({ slug: "hooli", domains: ["shop.hooli.com"], database: false });

    expect(await slugOf("acme.example.com")).toBe("acme");
    expect(await slugOf("globex.example.com")).toBe("acme");
    expect(await slugOf("shop.hooli.com")).toBe("hooli");
    await tenants.create({ slug: "globex", database: false });
    expect(await slugOf("globex.example.com")).toBe("globex");
  });

  it("C083 C084: with one column of domains, bare labels stand in it beside whole hosts", async () => {
    const resolver = domainOrSubdomainResolver({ domain: "example.com", by: "domain" });
    const { tenants, slugOf } = await start(resolver);
    await tenants.create({ slug: "one", domains: ["acme"], database: false });
    await tenants.create({ slug: "two", domains: ["acme.com"], database: false });

    expect(await slugOf("acme.example.com")).toBe("one");
    expect(await slugOf("acme.com")).toBe("two");
    await expect(
      tenants.create({ slug: "three", domains: ["acme"], database: false }),
    ).rejects.toMatchObject({ code: "DOMAIN_TAKEN" });
    await expect(slugOf("one.example.com")).rejects.toMatchObject({ code: "TENANT_NOT_FOUND" });
  });

  it("C080 C081 C082 F026: a subdomain is one label under the exact domain", async () => {
    const { tenants, slugOf } = await start(subdomainResolver({ domain: "example.com" }));
    await tenants.create({ slug: "acme", database: false });

    expect(await slugOf("acme.example.com")).toBe("acme");
    expect(await slugOf("example.com")).toBe("central");
    for (const host of ["xexample.com", "acme.example.com.evil.com", "x.acme.example.com"]) {
      await expect(slugOf(host), host).rejects.toMatchObject({ status: 404 });
    }
    await expect(slugOf("globex.example.com")).rejects.toMatchObject({ status: 404 });
    await expect(slugOf("127.0.0.1")).rejects.toMatchObject({ code: "TENANT_NOT_IDENTIFIED" });
  });

  it("F020: canonical and other spellings mean the same tenant, in firstOf as well", async () => {
    const resolver = firstOf(subdomainResolver({ domain: "example.com" }), domainResolver());
    const { tenants, slugOf } = await start(resolver);
    await tenants.create({ slug: "acme", domains: ["xn--bcher-kva.example"], database: false });

    expect(await slugOf("ACME.Example.com.:8080")).toBe("acme");
    expect(await slugOf("XN--BCHER-KVA.example:1")).toBe("acme");
    await expect(slugOf("b\u00fccher.example")).rejects.toMatchObject({ code: "INVALID_HOST" });
  });
});

async function start(resolve: TenantResolver) {
  const tenancy = createTenancy({
    registry: sqliteRegistry({ file: join(await temporaryFolder(), "registry.sqlite") }),
    databases: memoryDatabases(),
    provisioning: provisioning(),
    central: ["example.com"],
    resolve,
  });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  const slugOf = async (host: string) =>
    tenancy.handle({
      request: tenancyRequest({ host }),
      mode: "universal",
      next: () => tenancy.current()?.slug ?? "central",
      onClosed: (listener) => listener(false),
    });
  return { tenants: tenancy.tenants, slugOf };
}
