import { createServer } from "node:http";
import type { Tenancy } from "@af-tenancy/core";
import { centralOnly, tenancyErrors, tenancyMiddleware, tenantOnly } from "@af-tenancy/koa";
import { domainResolver } from "@af-tenancy/resolvers";
import Router from "@koa/router";
import Koa from "koa";
import { expect, it } from "vitest";
import { askServer } from "./ask-server.ts";
import { startTenancy } from "./start-tenancy.ts";

it("serves both sides", async () => {
  const tenancy = await startTenancy({ resolve: domainResolver(), central: ["example.com"] });

  const ask = await askServer(createServer(createApp(tenancy).callback()));

  expect(await ask("acme.example.com", "/notes")).toBe('200 "notes of acme"');
  expect(await ask("example.com", "/admin")).toBe('200 "all tenants"');
  const nothing = '404 {"error":{"code":"WRONG_SIDE","message":"There is nothing here."}}';
  expect(await ask("example.com", "/notes")).toBe(nothing);
  expect(await ask("acme.example.com", "/admin")).toBe(nothing);
});

// #region app
function createApp(tenancy: Tenancy): Koa {
  const app = new Koa();
  app.use(tenancyErrors(tenancy)); // before everything else
  app.use(
    tenancyMiddleware(tenancy, {
      requestId: (context) => context.get("x-request-id") || undefined,
    }),
  );

  const router = new Router();
  router.get("/notes", tenantOnly(tenancy), (context) => {
    context.body = JSON.stringify(`notes of ${tenancy.currentOrFail().slug}`);
  });
  router.get("/admin", centralOnly(tenancy), (context) => {
    context.body = JSON.stringify("all tenants");
  });
  app.use(router.routes());
  return app;
}
// #endregion
