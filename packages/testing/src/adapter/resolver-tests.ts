import { createHmac } from "node:crypto";
import { createKeyRing, type TenantResolver } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { acme, globex } from "../fixtures/tenant-record.ts";
import type { AdapterHarness, AdapterRoute } from "./adapter-harness.ts";
import { runApplication } from "./run-application.ts";
import { refusal, serveResolver as start } from "./serve-resolver.ts";
import { startTenancy } from "./start-tenancy.ts";

const anyone = { anyone: "it is a test" };
const hosts = { domain: "localhost" };

/** Checks that every resolver finds its tenant, and refuses the same, in every framework. */
export function resolverTests(harness: AdapterHarness): void {
  const { resolvers } = harness;
  const { firstOf, strict, trusted } = resolvers;
  const header = () => trusted(resolvers.headerResolver({ header: "X-Tenant" }), anyone);
  const query = () => trusted(resolvers.queryResolver({ parameter: "tenant" }), anyone);
  const keys = createKeyRing({ current: new Uint8Array(32).fill(1) });
  const sealed = (id: string) => resolvers.sealTenantCookie(keys, "tenant", id);

  const ways: readonly Way[] = [
    ["C077", "domain", () => resolvers.domainResolver(), {}],
    ["C080", "subdomain", () => resolvers.subdomainResolver(hosts), {}],
    ["C083", "domain or subdomain", () => resolvers.domainOrSubdomainResolver(hosts), {}],
    ["F027", "wildcard domain", () => resolvers.wildcardDomainResolver(), {}],
    [
      "C090",
      "header",
      () => firstOf(header(), resolvers.domainResolver()),
      at({ "x-tenant": "acme" }),
    ],
    ["C090", "query", () => query(), { host: "127.0.0.1", path: "/who?a=1&tenant=acme" }],
    [
      "C090",
      "cookie",
      () => trusted(resolvers.cookieResolver({ cookie: "tenant" }), anyone),
      at({ cookie: `a=1; tenant=${acme().id}` }),
    ],
    [
      "C090",
      "sealed cookie",
      () => resolvers.cookieResolver({ cookie: "tenant", keys }),
      at({ cookie: `tenant=${sealed(acme().id)}` }),
    ],
    [
      "C091",
      "origin",
      () => resolvers.originResolver(resolvers.subdomainResolver(hosts)),
      at({ origin: "https://ACME.localhost:8443" }),
    ],
    [
      "S003",
      "claim",
      () => resolvers.claimResolver({ key: Buffer.from(secret), algorithms: ["HS256"] }),
      at({ authorization: `Bearer ${tokenFor(acme().id)}` }),
    ],
    [
      "S003",
      "custom",
      () =>
        resolvers.customResolver({ name: "own", find: ({ url }) => /who=([\w-]+)/.exec(url)?.[1] }),
      { host: "127.0.0.1", path: `/who?who=${acme().id}` },
    ],
    [
      "F025",
      "domain behind a proxy",
      () => resolvers.behindProxy(resolvers.domainResolver(), { peers: ["127.0.0.1"] }),
      at({ "x-forwarded-host": "acme.localhost" }, "globex.localhost"),
    ],
    [
      "F028",
      "strict",
      () => strict(resolvers.subdomainResolver(hosts), header()),
      at({ "x-tenant": "acme" }, "acme.localhost"),
    ],
  ];

  it.each(ways)("%s S003: finds the tenant by %s", async (_id, _name, resolve, request) => {
    const { ask } = await start(harness, resolve());
    const { host = "acme.localhost", path = "/who", headers = {} } = request;

    expect(await ask(host, path, headers)).toEqual([200, { slug: "acme" }]);
  });

  it("S003: finds the tenant by session", async () => {
    const session = { tenantId: globex().id };
    const { ask } = await start(harness, resolvers.sessionResolver(), { session });

    expect(await ask("localhost", "/who")).toEqual([200, { slug: "globex" }]);
  });

  it("C090 C094 C095: a universal route without a name is central, with an unknown one 404", async () => {
    const resolve = firstOf(header(), query(), resolvers.domainResolver());
    const { ask } = await start(harness, resolve);

    expect(await ask("localhost", "/who")).toEqual([200, { slug: null }]);
    expect(await ask("localhost", "/who", { "x-tenant": "globex" })).toEqual([
      200,
      { slug: "globex" },
    ]);
    expect(await ask("localhost", "/who?tenant=acme")).toEqual([200, { slug: "acme" }]);
    expect(await ask("localhost", "/who", { "x-tenant": "nobody" })).toEqual(
      refusal(404, "TENANT_NOT_FOUND"),
    );
    expect(await ask("localhost", "/who?tenant=nobody")).toEqual(refusal(404, "TENANT_NOT_FOUND"));
    expect(await ask("127.0.0.1", "/who")).toEqual(refusal(400, "TENANT_NOT_IDENTIFIED"));
  });

  it("C091: a central origin has no place on a tenant's route, and none is central on a universal one", async () => {
    const origin = resolvers.originResolver(resolvers.subdomainResolver(hosts));
    const { ask } = await start(harness, firstOf(origin, resolvers.domainResolver()));

    const ofTenant = { origin: "acme.localhost" };
    expect(await ask("localhost", "/tenant", ofTenant)).toEqual([200, { slug: "acme" }]);
    expect(await ask("localhost", "/tenant", { origin: "http://localhost" })).toEqual(
      refusal(404, "WRONG_SIDE"),
    );
    expect(await ask("localhost", "/who")).toEqual([200, { slug: null }]);
    expect(await ask("localhost", "/who", { origin: "https://evil.com" })).toEqual([
      200,
      { slug: null },
    ]);
  });

  it("C089: parameters become what they name inside the tenant", async () => {
    const notes = new Map([
      ["acme", "acme's note"],
      ["globex", "globex's note"],
    ]);
    const tenancy = await startTenancy(harness);
    const route: AdapterRoute = {
      method: "GET",
      path: "/bound/:note",
      bind: () => notes.get(tenancy.currentOrFail().slug),
      handle: ({ bound }) => ({ bound }),
    };
    const app = await runApplication(harness, { tenancy, routes: [route] });

    const answers = await Promise.all(
      ["acme.localhost", "globex.localhost"].map((host) => app.ask(host, "/bound/7")),
    );

    expect(answers.map(({ json }) => json)).toEqual([
      { bound: "acme's note" },
      { bound: "globex's note" },
    ]);
  });

  it.each([
    [
      "X-Tenant on another host",
      "acme.localhost",
      { "x-tenant": "globex" },
      400,
      "TENANT_CONFLICT",
    ],
    ["X-Tenant of nobody", "acme.localhost", { "x-tenant": "nobody" }, 400, "TENANT_CONFLICT"],
    ["X-Tenant on the central host", "localhost", { "x-tenant": "acme" }, 400, "TENANT_CONFLICT"],
    ["SQL", "acme.localhost", { "x-tenant": "' or 1=1 --" }, 400, "INVALID_TENANT_REFERENCE"],
    ["a star", "acme.localhost", { "x-tenant": "*" }, 400, "INVALID_TENANT_REFERENCE"],
    ["a prototype", "acme.localhost", { "x-tenant": "__proto__" }, 400, "INVALID_TENANT_REFERENCE"],
    [
      "a constructor",
      "acme.localhost",
      { "x-tenant": "constructor" },
      400,
      "INVALID_TENANT_REFERENCE",
    ],
    ["a list", "acme.localhost", { "x-tenant": "acme, acme" }, 400, "INVALID_TENANT_REFERENCE"],
    ["nothing", "acme.localhost", { "x-tenant": "" }, 400, "INVALID_TENANT_REFERENCE"],
    ["8 KB", "acme.localhost", { "x-tenant": "a".repeat(8_000) }, 400, "INVALID_TENANT_REFERENCE"],
  ])("F028 F029: refuses %s", async (_, host, headers, status, code) => {
    const { ask, seen } = await start(
      harness,
      strict(resolvers.subdomainResolver(hosts), header()),
    );

    expect(await ask(host, "/who", headers)).toEqual(refusal(status, code));
    expect(seen).toEqual([]);
  });
}

type Way = readonly [
  id: string,
  name: string,
  resolve: () => TenantResolver,
  request: {
    readonly host?: string;
    readonly path?: string;
    readonly headers?: Record<string, string>;
  },
];

/** A request that names no tenant by its host. */
function at(headers: Record<string, string>, host = "127.0.0.1") {
  return { host, headers };
}

const secret = "what the tokens of this suite are signed with";

/** A JSON Web Token, signed with HMAC-SHA-256 (RFC 7515, appendix A.1). */
function tokenFor(tenant: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "HS256" })}.${part({ tenant })}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}
