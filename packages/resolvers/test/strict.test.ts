import {
  ConfigurationError,
  createTenancy,
  memoryStore,
  TenantConflictError,
} from "@af-tenancy/core";
import { acme, globex, tenancyRequest } from "@af-tenancy/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  claimResolver,
  domainResolver,
  firstOf,
  headerResolver,
  pathResolver,
  queryResolver,
  strict,
  subdomainResolver,
  trusted,
} from "../src/index.ts";
import { centralOf, requestTo } from "./requests.ts";
import { secret, tokenFor } from "./secrets.ts";

const acmeToken = `Bearer ${await tokenFor({ tenant: acme().id })}`;
const globexToken = `Bearer ${await tokenFor({ tenant: globex().id })}`;
const anyone = { anyone: "the answers are compared" };
const resolvers = [
  subdomainResolver({ domain: "example.com" }),
  trusted(headerResolver({ header: "X-Tenant" }), anyone),
  trusted(queryResolver({ parameter: "tenant" }), anyone),
  pathResolver({ routes: ["/t/:tenant"] }),
  claimResolver({ key: secret, algorithms: ["HS256"] }),
];

describe("resolvers that have to agree", () => {
  it.each([
    ["the host alone", {}],
    ["the header", { headers: [["X-Tenant", "acme"]] }],
    ["the query", { url: "/?tenant=acme" }],
    ["the path", { url: "/t/acme" }],
    ["the claim", { headers: [["Authorization", acmeToken]] }],
    ["all", { url: "/t/acme?tenant=acme", headers: [["X-Tenant", "acme"]] }],
  ] as const)("F028: find the tenant that all of them mean: %s", async (_, parts) => {
    await expect(tenantOf(parts)).resolves.toBe("acme");
  });

  it.each([
    ["header", { headers: [["X-Tenant", "globex"]] }],
    ["query", { url: "/?tenant=globex" }],
    ["path", { url: "/t/globex" }],
    ["header", { headers: [["X-Tenant", "hooli"]] }],
    ["header", { host: "example.com", headers: [["X-Tenant", "acme"]] }],
    ["header", { host: "shop.acme.com", headers: [["X-Tenant", "acme"]] }],
  ] as const)("F028: are refused with 400 when the host and the %s differ", async (by, parts) => {
    const asked = tenantOf(parts);

    await expect(asked).rejects.toThrow(TenantConflictError);
    await expect(asked).rejects.toMatchObject({ status: 400 });
    await expect(asked).rejects.toThrow(`${by}: `);
  });

  it.each([
    ["another tenant's host", {}],
    ["the central host", { host: "example.com" }],
    ["the host of nobody", { host: "hooli.example.com" }],
  ])("F106: a token is refused with 401 on %s", async (_, parts) => {
    const headers = [["Authorization", globexToken]] as const;

    await expect(tenantOf({ headers, ...parts })).rejects.toMatchObject({
      ...{ name: "ForeignCredentialError", code: "FOREIGN_CREDENTIAL", status: 401 },
    });
    await expect(tenantOf({ headers, host: "globex.example.com" })).resolves.toBe("globex");
  });

  it("F106: a token on a host that others contradict is refused with 400, as without it", async () => {
    const headers = [
      ["Authorization", acmeToken],
      ["X-Tenant", "globex"],
    ] as const;

    await expect(tenantOf({ headers })).rejects.toThrow(TenantConflictError);
  });

  it("F106: a token is one inside of other resolvers too", async () => {
    const token = claimResolver({ key: secret, algorithms: ["HS256"] });
    const path = pathResolver({ routes: ["/t/:tenant"] });
    const inner = [firstOf(token, path), strict(token, path)];
    for (const signed of inner) {
      const resolve = strict(subdomainResolver({ domain: "example.com" }), signed);
      const headers = [["Authorization", globexToken]] as const;

      await expect(tenantOf({ headers }, resolve)).rejects.toMatchObject({ status: 401 });
    }
  });

  it("F106: a token that agrees with another opinion inside makes that one no credential", async () => {
    const token = claimResolver({ key: secret, algorithms: ["HS256"] });
    const inner = strict(token, pathResolver({ routes: ["/t/:tenant"] }));
    const resolve = strict(subdomainResolver({ domain: "example.com" }), inner);
    const parts = { url: "/t/globex", headers: [["Authorization", globexToken]] } as const;

    await expect(tenantOf(parts, resolve)).rejects.toThrow(TenantConflictError);
    await expect(tenantOf({ headers: parts.headers }, resolve)).rejects.toMatchObject({
      status: 401,
    });
  });

  it("F028: with firstOf the first opinion counts, and the others are not asked", async () => {
    const parts = { headers: [["X-Tenant", "globex"]] } as const;

    await expect(tenantOf(parts, firstOf(...resolvers))).resolves.toBe("acme");
  });

  it("have no opinion when none of them has one, at once where none of them waits", () => {
    const resolver = strict(domainResolver(), ...resolvers.slice(1, 4));

    expect(resolver.resolve(requestTo("127.0.0.1"), centralOf())).toBeUndefined();
    expect(resolver.resolve(requestTo("acme"), centralOf())).toEqual({
      kind: "strict",
      opinions: [
        {
          resolver: "domain",
          resolution: { kind: "tenant", candidates: [{ by: "domain", value: "acme" }] },
        },
      ],
    });
    expect(resolver.name).toBe("strict(domain, header, query, path)");
  });

  it("are at least one, each with a name of its own", () => {
    expect(() => strict()).toThrow(ConfigurationError);
    expect(() => strict(domainResolver(), domainResolver())).toThrow('"strict[1].name"');
    expect(() => strict({} as never)).toThrow('"strict[0]" is no resolver');
  });
});

async function tenantOf(
  parts: Parameters<typeof tenancyRequest>[0],
  resolve = strict(...resolvers),
): Promise<string> {
  const tenancy = createTenancy({
    store: memoryStore([acme(), globex()]),
    resolve,
    central: ["example.com"],
  });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  return tenancy.handle({
    request: tenancyRequest({ host: "acme.example.com", ...parts }),
    mode: "universal",
    next: () => tenancy.current()?.slug ?? "central",
    onClosed: (listener) => listener(false),
  });
}
