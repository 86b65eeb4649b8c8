import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { Tenancy } from "@af-tenancy/core";
import { tenancyErrors, tenancyMiddleware } from "@af-tenancy/express";
import { domainResolver, tenantOrigins } from "@af-tenancy/resolvers";
import cors from "cors";
import express, { type Express } from "express";
import { expect, it, onTestFinished } from "vitest";
import { startTenancy } from "./start-tenancy.ts";

it("lets a tenant's own pages read its answers, and those it names", async () => {
  const app = createApp(await startTenancy({ resolve: domainResolver() }));
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const allowedOn = async (host: string, origin: string) => {
    const sent = request({ port, host: "127.0.0.1", headers: { host, origin } }).end();
    const [response] = await once(sent, "response");
    response.resume();
    return response.headers["access-control-allow-origin"];
  };

  const acme = "https://acme.example.com";
  expect(await allowedOn("acme.example.com", acme)).toBe(acme);
  expect(await allowedOn("acme.example.com", "https://acme.shop.example")).toBe(
    "https://acme.shop.example",
  );
  expect(await allowedOn("globex.example.com", acme)).toBeUndefined();
});

function createApp(tenancy: Tenancy): Express {
  const app = express();
  // #region cors
  const allows = tenantOrigins(tenancy, {
    hosts: domainResolver(),
    also: ({ slug }) => [`https://${slug}.shop.example`],
  });

  app.use(tenancyMiddleware(tenancy));
  app.use(
    cors({
      origin(origin, answer) {
        allows(origin).then((allowed) => answer(null, allowed), answer);
      },
    }),
  );
  // #endregion
  app.get("/", (_request, response) => void response.json({}));
  return app.use(tenancyErrors(tenancy));
}
