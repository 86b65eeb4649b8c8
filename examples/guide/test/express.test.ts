import { once } from "node:events";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Tenancy } from "@af-tenancy/core";
import { centralOnly, tenancyErrors, tenancyMiddleware, tenantOnly } from "@af-tenancy/express";
import { domainResolver } from "@af-tenancy/resolvers";
import express, { type Express } from "express";
import { expect, it, onTestFinished } from "vitest";
import { startTenancy } from "./start-tenancy.ts";

it("serves both sides", async () => {
  const tenancy = await startTenancy({ resolve: domainResolver(), central: ["example.com"] });

  const ask = await serve(createApp(tenancy));

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

async function serve(app: Express): Promise<(host: string, path: string) => Promise<string>> {
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return async (host, path) => {
    const sent = request({ port, host: "127.0.0.1", path, headers: { host } }).end();
    const [response] = await once(sent, "response");
    return `${response.statusCode} ${await text(response)}`;
  };
}
