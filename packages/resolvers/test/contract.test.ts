import { centralDomains, createKeyRing } from "@af-tenancy/core";
import { type ResolvedRequest, tenancyRequest, tenantResolverContract } from "@af-tenancy/testing";
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
} from "../src/index.ts";
import { keys, secret, tokenFor } from "./secrets.ts";

const central = centralDomains(["example.com", "admin.example.com"]);
const centrals = [
  tenancyRequest({ host: "example.com:80" }),
  tenancyRequest({ host: "ADMIN.example.com." }),
];
const hosts = { central, centrals };
const malformedHosts = [
  tenancyRequest({ host: undefined }),
  tenancyRequest({ host: "a@b" }),
  tenancyRequest({ host: "acme.example.com", headers: [["Host", "globex.example.com"]] }),
];
const machines = [tenancyRequest({ host: "127.0.0.1" }), tenancyRequest({ host: "[::1]:80" })];
const ofHost = (
  host: string,
  ...candidates: readonly (readonly [by: string, value: string])[]
): ResolvedRequest => ({
  request: tenancyRequest({ host }),
  candidates: candidates.map(([by, value]) => ({ by, value })),
});
const header = (...headers: readonly (readonly [string, string])[]) => tenancyRequest({ headers });
const url = (target: string) => tenancyRequest({ url: target });
const named = (by: string, value: string) => [{ by, value }];

tenantResolverContract("domain", {
  ...hosts,
  create: domainResolver,
  tenants: [ofHost("Acme.Example.com:8080", ["domain", "acme.example.com"])],
  silent: machines,
  refused: malformedHosts,
});

tenantResolverContract("subdomain", {
  ...hosts,
  create: () => subdomainResolver({ domain: "example.com" }),
  tenants: [ofHost("Acme.Example.com:8080", ["slug", "acme"])],
  silent: [...machines, tenancyRequest({ host: "localhost" })],
  refused: malformedHosts,
});

tenantResolverContract("domain or subdomain", {
  ...hosts,
  create: () => domainOrSubdomainResolver({ domain: "example.com" }),
  tenants: [
    ofHost("Acme.example.com", ["slug", "acme"], ["domain", "acme.example.com"]),
    ofHost("shop.acme.com", ["domain", "shop.acme.com"]),
    ofHost("x.acme.example.com", ["domain", "x.acme.example.com"]),
  ],
  silent: machines,
  refused: malformedHosts,
});

tenantResolverContract("wildcard domain", {
  ...hosts,
  create: wildcardDomainResolver,
  tenants: [
    ofHost("shop.acme.com", ["domain", "shop.acme.com"], ["domain", "*.acme.com"]),
    ofHost("acme.com", ["domain", "acme.com"]),
    ofHost("acme", ["domain", "acme"]),
  ],
  silent: machines,
  refused: malformedHosts,
});

tenantResolverContract("domain behind a proxy", {
  ...hosts,
  create: () => behindProxy(domainResolver(), { peers: ["127.0.0.0/8"] }),
  tenants: [
    {
      request: header(["X-Forwarded-Host", "ACME.example.com:443"]),
      candidates: named("domain", "acme.example.com"),
    },
    ofHost("acme.example.com", ["domain", "acme.example.com"]),
  ],
  silent: machines,
  refused: [
    ...malformedHosts,
    header(["X-Forwarded-Host", "acme.example.com, globex.example.com"]),
    header(["X-Forwarded-Host", "acme.example.com"], ["x-forwarded-host", "acme.example.com"]),
  ],
});

tenantResolverContract("path", {
  create: () =>
    pathResolver({ routes: ["/t/:tenant", "/c/:tenant:code"], attributes: ["code"], strip: false }),
  tenants: [
    { request: url("/t/acme/notes?page=2"), candidates: named("slug", "acme") },
    { request: url("/c/A-17"), candidates: named("code", "A-17") },
  ],
  silent: [url("/"), url("/notes"), url("/t"), url("/t//notes"), url("*")],
  refused: [url("/t/%2e%2e/"), url("/t/a%20b"), url("/t/__proto__/notes")],
});

tenantResolverContract("header", {
  create: () => trusted(headerResolver({ header: "X-Tenant" }), { peers: ["127.0.0.1"] }),
  tenants: [{ request: header(["x-tenant", "acme"]), candidates: named("slug", "acme") }],
  silent: [
    tenancyRequest(),
    tenancyRequest({ headers: [["X-Tenant", "acme"]], remoteAddress: "192.0.2.1" }),
  ],
  refused: [header(["X-Tenant", "a b"]), header(["X-Tenant", "acme"], ["X-Tenant", "acme"])],
});

tenantResolverContract("query", {
  create: () => trusted(queryResolver({ parameter: "tenant" }), { anyone: "it is a test" }),
  tenants: [{ request: url("/?page=2&tenant=acme"), candidates: named("slug", "acme") }],
  silent: [url("/"), url("/?page=2"), url("/?tenant[]=acme")],
  refused: [url("/?tenant="), url("/?tenant=acme&tenant=acme"), url("/?tenant=%ff")],
});

tenantResolverContract("cookie", {
  create: () => trusted(cookieResolver({ cookie: "tenant" }), { anyone: "it is a test" }),
  tenants: [{ request: header(["Cookie", "a=1; tenant=7"]), candidates: named("id", "7") }],
  silent: [tenancyRequest(), header(["Cookie", "Tenant=7; xtenant=7; tenant"])],
  refused: [
    header(["Cookie", "tenant=7; tenant=8"]),
    header(["Cookie", "tenant=7"], ["Cookie", "tenant=8"]),
    header(["Cookie", 'tenant="7"']),
  ],
});

const sealed = sealTenantCookie(keys, "tenant", "7");
const rotatedOut = createKeyRing({ current: new Uint8Array(32).fill(9) });

tenantResolverContract("sealed cookie", {
  create: () => cookieResolver({ cookie: "tenant", keys }),
  tenants: [{ request: header(["Cookie", `tenant=${sealed}`]), candidates: named("id", "7") }],
  silent: [
    tenancyRequest(),
    header(["Cookie", "tenant=7"]),
    header(["Cookie", `tenant=${sealed.slice(0, -1)}`]),
    header(["Cookie", `tenant=${sealTenantCookie(keys, "other", "7")}`]),
    header(["Cookie", `tenant=${sealTenantCookie(rotatedOut, "tenant", "7")}`]),
  ],
  refused: [header(["Cookie", `tenant=${sealed}; tenant=${sealed}`])],
});

tenantResolverContract("origin", {
  central,
  create: () => originResolver(subdomainResolver({ domain: "example.com" })),
  tenants: [
    {
      request: header(["Origin", "https://ACME.example.com:8443"]),
      candidates: named("slug", "acme"),
    },
    { request: header(["Origin", "acme.example.com"]), candidates: named("slug", "acme") },
  ],
  centrals: [header(["Origin", "https://admin.example.com"])],
  silent: [
    tenancyRequest(),
    header(["Origin", "null"]),
    header(["Origin", "http://localhost"]),
    header(["Origin", "chrome-extension://acme"]),
    header(["Origin", "file://"]),
    header(["Origin", "capacitor://localhost"]),
    header(["Origin", "ftp://acme.example.com"]),
  ],
  refused: [
    header(["Origin", "https://acme.example.com/path"]),
    header(["Origin", "https://"]),
    header(["Origin", "ht tp://acme.example.com"]),
    header(["Origin", "file://"], ["Origin", "https://acme.example.com"]),
    header(["Origin", "https://acme.example.com"], ["Origin", "https://acme.example.com"]),
  ],
});

const token = await tokenFor({ tenant: "7" });
const bearer = (value: string) => header(["Authorization", `Bearer ${value}`]);

tenantResolverContract("claim", {
  create: () => claimResolver({ key: secret, algorithms: ["HS256"] }),
  tenants: [{ request: bearer(token), candidates: named("id", "7") }],
  silent: [
    tenancyRequest(),
    header(["Authorization", "Basic Og=="]),
    bearer(await tokenFor({ sub: "somebody" })),
  ],
  refused: [
    bearer(`${token.slice(0, -2)}AA`),
    bearer(await tokenFor({ tenant: 7 })),
    bearer(await tokenFor({ tenant: ["7"] })),
    header(["Authorization", `Bearer ${token}`], ["Authorization", `Bearer ${token}`]),
  ],
});

const withSession = (session: object) => ({ ...tenancyRequest(), source: { session } });

tenantResolverContract("session", {
  create: () => sessionResolver(),
  tenants: [{ request: withSession({ tenantId: "7" }), candidates: named("id", "7") }],
  silent: [tenancyRequest(), withSession({}), withSession({ tenantId: null })],
  refused: [
    withSession({ tenantId: 7 }),
    withSession({ tenantId: { id: "7" } }),
    withSession({ tenantId: "" }),
    withSession({ tenantId: "a b" }),
  ],
});

tenantResolverContract("custom", {
  create: () =>
    customResolver({
      name: "path's first part",
      by: "slug",
      find: ({ url: target }) => /^\/([^/?]+)\/?$/.exec(target)?.[1],
    }),
  tenants: [{ request: url("/acme"), candidates: named("slug", "acme") }],
  silent: [url("/"), url("/acme/notes")],
  refused: [url("/a b")],
});

const subdomainFirst = () =>
  firstOf(subdomainResolver({ domain: "example.com" }), domainResolver());

tenantResolverContract("first of subdomain and domain", {
  ...hosts,
  create: subdomainFirst,
  tenants: [
    ofHost("Acme.Example.com:8080", ["slug", "acme"]),
    ofHost("notes.example.org", ["domain", "notes.example.org"]),
  ],
  silent: [tenancyRequest({ host: "localhost" })],
  refused: malformedHosts,
});

tenantResolverContract("first of everything", {
  ...hosts,
  create: () =>
    firstOf(
      trusted(headerResolver({ header: "X-Tenant" }), { anyone: "it is a test" }),
      claimResolver({ key: secret, algorithms: ["HS256"] }),
      trusted(queryResolver({ parameter: "tenant" }), { anyone: "it is a test" }),
      pathResolver({ routes: ["/t/:tenant"], strip: false }),
      subdomainFirst(),
    ),
  tenants: [
    ofHost("acme.example.com", ["slug", "acme"]),
    { request: bearer(token), candidates: named("id", "7") },
    { request: url("/t/acme?tenant=globex"), candidates: named("slug", "globex") },
  ],
  silent: machines,
  refused: malformedHosts,
});

tenantResolverContract("strict", {
  create: () =>
    firstOf(
      strict(
        trusted(headerResolver({ header: "X-Tenant" }), { anyone: "it is a test" }),
        trusted(queryResolver({ parameter: "tenant" }), { anyone: "it is a test" }),
      ),
      pathResolver({ routes: ["/t/:tenant"], strip: false }),
    ),
  tenants: [{ request: url("/t/acme"), candidates: named("slug", "acme") }],
  silent: [tenancyRequest()],
  refused: [header(["X-Tenant", ""])],
});
