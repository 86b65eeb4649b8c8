import type { Tenancy } from "@af-tenancy/core";
import { centralOnly, tenancyErrors, tenancyPlugin, tenantOnly } from "@af-tenancy/fastify";
import { domainResolver } from "@af-tenancy/resolvers";
import Fastify, { type FastifyInstance } from "fastify";
import { expect, it } from "vitest";
import { askServer } from "./ask-server.ts";
import { startTenancy } from "./start-tenancy.ts";

it("serves both sides", async () => {
  const tenancy = await startTenancy({ resolve: domainResolver(), central: ["example.com"] });

  const app = await createApp(tenancy);
  await app.ready();
  const ask = await askServer(app.server);

  expect(await ask("acme.example.com", "/notes")).toBe('200 "notes of acme"');
  expect(await ask("example.com", "/admin")).toBe('200 "all tenants"');
  const nothing = '404 {"error":{"code":"WRONG_SIDE","message":"There is nothing here."}}';
  expect(await ask("example.com", "/notes")).toBe(nothing);
  expect(await ask("acme.example.com", "/admin")).toBe(nothing);
});

// #region app
async function createApp(tenancy: Tenancy): Promise<FastifyInstance> {
  const app = Fastify();
  app.setErrorHandler(tenancyErrors(tenancy));
  await app.register(
    tenancyPlugin(tenancy, { requestId: ({ headers }) => headers["x-request-id"]?.toString() }),
  ); // awaited, before the routes

  app.get("/notes", { onRequest: tenantOnly(tenancy) }, async (_request, reply) => {
    reply.type("application/json");
    return JSON.stringify(`notes of ${tenancy.currentOrFail().slug}`);
  });
  app.get("/admin", { onRequest: centralOnly(tenancy) }, async (_request, reply) => {
    reply.type("application/json");
    return JSON.stringify("all tenants");
  });
  return app;
}
// #endregion
