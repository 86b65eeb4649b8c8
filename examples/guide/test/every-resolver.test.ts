import { createKeyRing, createTenancy, memoryStore, type TenantResolver } from "@af-tenancy/core";
import {
  behindProxy,
  claimResolver,
  cookieResolver,
  customResolver,
  domainOrSubdomainResolver,
  domainResolver,
  firstOf,
  headerResolver,
  originResolver,
  pathResolver,
  queryResolver,
  sealTenantCookie,
  sessionResolver,
  strict,
  subdomainResolver,
  trusted,
  wildcardDomainResolver,
} from "@af-tenancy/resolvers";
import { acme, globex, tenancyRequest } from "@af-tenancy/testing";
import { SignJWT } from "jose";
import { expect, it, onTestFinished } from "vitest";

const domains = new Map([
  ["shop.acme.com", acme().id],
  ["*.acme.com", acme().id],
  ["blog.acme.com", globex().id],
]);

it("reads hosts", async () => {
  // #region hosts
  const labelFirst = domainOrSubdomainResolver({ domain: "example.com" });
  const wildcards = wildcardDomainResolver(); // a tenant has the domain "*.acme.com"
  const forwarded = behindProxy(labelFirst, { peers: ["10.0.0.0/8"] });
  // #endregion

  const ask = await tenantsBy(firstOf(forwarded));
  expect(await ask({ host: "acme.example.com" })).toBe("acme");
  expect(await ask({ host: "shop.acme.com" })).toBe("acme");
  const headers = [["X-Forwarded-Host", "globex.example.com"]] as const;
  expect(await ask({ host: "acme.example.com", headers, remoteAddress: "10.0.0.7" })).toBe(
    "globex",
  );
  expect(await ask({ host: "acme.example.com", headers })).toBe("acme");
  const askWildcards = await tenantsBy(wildcards);
  expect(await askWildcards({ host: "www.acme.com" })).toBe("acme");
  expect(await askWildcards({ host: "blog.acme.com" })).toBe("globex");
});

it("reads paths", async () => {
  // #region path
  const resolve = firstOf(pathResolver({ routes: ["/t/:tenant"] }), domainResolver());
  // GET /t/acme/notes is /notes of acme; every other path of a central host is central
  // #endregion

  const ask = await tenantsBy(resolve);
  expect(await ask({ host: "example.com", url: "/t/acme/notes" })).toBe("acme");
  expect(await ask({ host: "example.com", url: "/notes" })).toBe("central");
});

it("believes what anybody can set only where that was decided", async () => {
  // #region trust
  const resolve = firstOf(
    trusted(headerResolver({ header: "X-Tenant" }), { peers: ["10.0.0.0/8"] }),
    trusted(queryResolver({ parameter: "tenant" }), {
      anyone: "each handler asks whether the user is a member",
    }),
  );
  // #endregion

  const ask = await tenantsBy(resolve);
  const headers = [["X-Tenant", "globex"]] as const;
  expect(await ask({ url: "/?tenant=acme", headers, remoteAddress: "10.0.0.7" })).toBe("globex");
  expect(await ask({ url: "/?tenant=acme", headers })).toBe("acme");
});

it("opens sealed cookies", async () => {
  const secret = new Uint8Array(32).fill(1);
  const tenant = acme();

  // #region cookie
  const keys = createKeyRing({ current: secret });
  const resolve = cookieResolver({ cookie: "__Host-tenant", keys });
  // after the user chose: response.cookie("__Host-tenant", value, { secure: true, httpOnly: true })
  const value = sealTenantCookie(keys, "__Host-tenant", tenant.id);
  // #endregion

  const ask = await tenantsBy(resolve);
  expect(await ask({ headers: [["Cookie", `__Host-tenant=${value}`]] })).toBe("acme");
  await expect(ask({ headers: [["Cookie", `__Host-tenant=${tenant.id}`]] })).rejects.toMatchObject({
    code: "TENANT_NOT_IDENTIFIED",
  });
});

it("reads origins", async () => {
  // #region origin
  // the API is api.example.com; pages of acme.example.com call it
  const resolve = firstOf(
    originResolver(subdomainResolver({ domain: "example.com" })),
    domainResolver(),
  );
  // #endregion

  const ask = await tenantsBy(resolve);
  const host = "api.example.com";
  expect(await ask({ host, headers: [["Origin", "https://acme.example.com"]] })).toBe("acme");
  expect(await ask({ host })).toBe("central");
});

it("checks tokens", async () => {
  const secret = new Uint8Array(32).fill(7);

  // #region claim
  const resolve = claimResolver({
    key: secret, // or createRemoteJWKSet(new URL("https://login.example.com/keys")) of jose
    algorithms: ["HS256"],
    claim: "tenant",
    issuer: "https://login.example.com",
    audience: "notes",
  });
  // #endregion

  const ask = await tenantsBy(resolve);
  const token = await new SignJWT({ tenant: acme().id })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuer("https://login.example.com")
    .setAudience("notes")
    .sign(secret);
  expect(await ask({ headers: [["Authorization", `Bearer ${token}`]] })).toBe("acme");
  await expect(ask({ headers: [["Authorization", "Bearer a.b.c"]] })).rejects.toMatchObject({
    code: "INVALID_TOKEN",
  });
});

it("reads sessions and whatever else", async () => {
  // #region own
  const resolve = firstOf(
    sessionResolver({ property: "tenantId" }), // request.session.tenantId, once somebody signed in
    customResolver({
      name: "version",
      by: "slug",
      find: ({ url }) => (url.startsWith("/v1/") ? "acme" : undefined), // v1 had one customer
    }),
  );
  // #endregion

  const ask = await tenantsBy(resolve);
  expect(await ask({ url: "/v1/notes" })).toBe("acme");
  expect(await ask({ source: { session: { tenantId: globex().id } } })).toBe("globex");
});

it("compares", async () => {
  const secret = new Uint8Array(32).fill(7);

  // #region strict
  const resolve = strict(
    subdomainResolver({ domain: "example.com" }),
    claimResolver({ key: secret, algorithms: ["HS256"] }),
  );
  // #endregion

  const ask = await tenantsBy(resolve);
  const token = await new SignJWT({ tenant: globex().id })
    .setProtectedHeader({ alg: "HS256" })
    .sign(secret);
  const headers = [["Authorization", `Bearer ${token}`]] as const;
  expect(await ask({ host: "globex.example.com", headers })).toBe("globex");
  await expect(ask({ host: "acme.example.com", headers })).rejects.toMatchObject({
    code: "FOREIGN_CREDENTIAL",
  });
});

/** Gives the function that asks a tenancy with this resolver for the slug of a request's tenant. */
async function tenantsBy(resolve: TenantResolver) {
  const tenancy = createTenancy({
    store: memoryStore([acme(), globex()], { domains }),
    central: ["example.com", "api.example.com"],
    resolve,
  });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  return async (parts: Parameters<typeof tenancyRequest>[0]) =>
    tenancy.handle({
      request: tenancyRequest(parts),
      mode: "universal",
      next: () => tenancy.current()?.slug ?? "central",
      onClosed: (listener) => listener(false),
    });
}
