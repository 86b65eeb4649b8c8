import { createServer } from "node:http";
import { createTenancy, memoryStore } from "@af-tenancy/core";
import { tenancyErrors, tenancyMiddleware } from "@af-tenancy/express";
import { rewriteTenantUrl, tenancyPlugin } from "@af-tenancy/fastify";
import {
  domainResolver,
  firstOf,
  headerResolver,
  pathResolver,
  trusted,
} from "@af-tenancy/resolvers";
import { acme } from "@af-tenancy/testing";
import express from "express";
import Fastify from "fastify";
import { expect, it, onTestFinished } from "vitest";
import { askServer } from "./ask-server.ts";

const store = memoryStore([acme()], { domains: new Map([["acme.localhost", acme().id]]) });

it("says what holds below a path", async () => {
  const tenancy = createTenancy({ store, central: ["localhost"], resolve: domainResolver() });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  const app = express();

  // #region rules
  const gateway = trusted(headerResolver({ header: "X-Tenant" }), { peers: ["127.0.0.1"] });
  app.use(
    tenancyMiddleware(tenancy, {
      mode: "tenant", // what no rule says
      routes: [
        { path: "/admin", mode: "central" },
        { path: "/status", mode: "universal" },
        { path: "/internal", resolve: gateway }, // called by our own services
      ],
      onFail(error, _request, response) {
        if ((error as { code?: string }).code !== "TENANT_NOT_FOUND") throw error;
        response.redirect("https://example.com/no-such-shop");
      },
    }),
  );
  // #endregion

  app.use((_request, response) => void response.send(tenancy.current()?.slug ?? "central"));
  app.use(tenancyErrors(tenancy));
  const ask = await askServer(createServer(app));
  expect(await ask("acme.localhost", "/notes")).toBe("200 acme");
  expect(await ask("localhost", "/admin/tenants")).toBe("200 central");
  expect(await ask("localhost", "/status")).toBe("200 central");
  expect(await ask("acme.localhost", "/admin")).toContain("WRONG_SIDE");
  expect(await ask("localhost", "/internal/sync")).toContain("TENANT_NOT_IDENTIFIED");
  expect(await ask("nobody.localhost", "/notes")).toContain("302 Found. Redirecting");
});

it("takes the tenant off the path before Fastify looks for a route", async () => {
  const resolve = firstOf(pathResolver({ routes: ["/t/:tenant"] }), domainResolver());
  const tenancy = createTenancy({ store, central: ["localhost"], resolve });
  await tenancy.start();

  // #region fastify
  const app = Fastify({ rewriteUrl: rewriteTenantUrl(tenancy) });
  await app.register(tenancyPlugin(tenancy));
  app.get("/notes", async () => tenancy.currentOrFail().slug); // also for /t/acme/notes
  // #endregion

  await app.ready();
  onTestFinished(async () => {
    await app.close();
    await tenancy.close();
  });
  const ask = await askServer(app.server);
  expect(await ask("localhost", "/t/acme/notes")).toBe("200 acme");
  expect(await ask("acme.localhost", "/notes")).toBe("200 acme");
});
