import { createTenancy, memoryStore } from "@af-tenancy/core";
import { pathResolver } from "@af-tenancy/resolvers";
import { acme } from "@af-tenancy/testing";
import Fastify from "fastify";
import { expect, it, onTestFinished } from "vitest";
import { rewriteTenantUrl, tenancyErrors, tenancyPlugin } from "../src/index.ts";

it.each([
  ["the path as it was sent, without rewriteTenantUrl", false, 200],
  ["the path without its tenant, with rewriteTenantUrl", true, 404],
])("C092: rules hold for what routes see: %s", async (_, isRewritten, status) => {
  const resolve = pathResolver({ routes: ["/t/:tenant"] });
  const tenancy = createTenancy({ store: memoryStore([acme()]), central: ["localhost"], resolve });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  const routes = [{ path: "/admin", mode: "central" }] as const;
  const app = Fastify(isRewritten ? { rewriteUrl: rewriteTenantUrl(tenancy, { routes }) } : {});
  onTestFinished(() => app.close());
  app.setErrorHandler(tenancyErrors(tenancy));
  await app.register(tenancyPlugin(tenancy, { routes }));
  for (const path of ["/t/:company/admin", "/admin"]) {
    app.get(path, async () => tenancy.currentOrFail().slug);
  }

  expect((await app.inject("/t/acme/admin")).statusCode).toBe(status);
});
