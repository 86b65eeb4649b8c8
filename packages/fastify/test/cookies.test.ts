import { createKeyRing, createTenancy, memoryStore, type Tenant } from "@af-tenancy/core";
import { domainResolver } from "@af-tenancy/resolvers";
import { acme } from "@af-tenancy/testing";
import Fastify from "fastify";
import { expect, it, onTestFinished } from "vitest";
import { tenancyErrors, tenancyPlugin } from "../src/index.ts";

it("S043: the hint stands beside the cookies of a reply, those of plain Node, both and none", async () => {
  const tenants = memoryStore<Tenant>([acme()], {
    domains: new Map([["acme.localhost", acme().id]]),
  });
  const tenancy = createTenancy<Tenant>({
    store: { ...tenants, hints: { knownUpTo: () => 1, stillLeads: () => true } },
    resolve: domainResolver(),
    keys: createKeyRing({ current: new Uint8Array(32).fill(7) }),
    cookieHint: true,
  });
  await tenancy.start();
  const app = Fastify();
  app.setErrorHandler(tenancyErrors(tenancy));
  await app.register(tenancyPlugin(tenancy));
  app.get("/", async (request, reply) => {
    const { own = "" } = request.query as { readonly own?: string };
    if (own.includes("r")) reply.header("set-cookie", "r1=1").header("set-cookie", "r2=1");
    if (own.includes("n")) reply.raw.appendHeader("set-cookie", "n=1");
    return {};
  });
  onTestFinished(async () => {
    await app.close();
    await tenancy.close();
  });

  const names: unknown[] = [];
  for (const own of ["", "r", "n", "rn"]) {
    const { headers } = await app.inject({
      url: `/?own=${own}`,
      headers: { host: "acme.localhost" },
    });
    names.push([headers["set-cookie"] ?? []].flat().map((cookie) => cookie.split("=")[0]));
  }

  const hint = "__Host-af-tenant";
  expect(names).toEqual([[hint], ["r1", "r2", hint], [hint, "n"], ["r1", "r2", hint, "n"]]);
});
