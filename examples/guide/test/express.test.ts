import { createServer } from "node:http";
import type { Tenancy } from "@af-tenancy/core";
import { centralOnly, tenancyErrors, tenancyMiddleware, tenantOnly } from "@af-tenancy/express";
import { domainResolver } from "@af-tenancy/resolvers";
import express, { type Express } from "express";
import { expect, it } from "vitest";
import { askServer } from "./ask-server.ts";
import { startTenancy } from "./start-tenancy.ts";

it("serves both sides", async () => {
  const tenancy = await startTenancy({ resolve: domainResolver(), central: ["example.com"] });

  const ask = await askServer(createServer(createApp(tenancy)));

  expect(await ask("acme.example.com", "/notes")).toBe('200 "notes of acme"');
  expect(await ask("example.com", "/admin")).toBe('200 "all tenants"');
  const nothing = '404 {"error":{"code":"WRONG_SIDE","message":"There is nothing here."}}';
  expect(await ask("example.com", "/notes")).toBe(nothing);
  expect(await ask("acme.example.com", "/admin")).toBe(nothing);
});

// #region app
function createApp(tenancy: Tenancy): Express {
  const app = express();
  app.use(tenancyMiddleware(tenancy, { requestId: (request) => request.get("x-request-id") }));

  app.get("/notes", tenantOnly(tenancy), (_request, response) => {
    response.json(`notes of ${tenancy.currentOrFail().slug}`);
  });
  app.get("/admin", centralOnly(tenancy), (_request, response) => {
    response.json("all tenants");
  });

  app.use(tenancyErrors(tenancy)); // after the routes
  return app;
}
// #endregion
