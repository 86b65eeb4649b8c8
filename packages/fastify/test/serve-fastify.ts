import { createServer } from "node:http";
import { Readable } from "node:stream";
import { refuseMalformed } from "@af-tenancy/core";
import { domainResolver } from "@af-tenancy/resolvers";
import type { AdapterApplication, AdapterHarness, AdapterRoute } from "@af-tenancy/testing";
import type Fastify from "fastify";
import type { FastifyInstance, RouteHandlerMethod, RouteShorthandOptions } from "fastify";
import {
  centralOnly,
  liveness,
  readiness,
  tenancyErrors,
  tenancyPlugin,
  tenantHealth,
  tenantOnly,
} from "../src/index.ts";

/** Makes the contract's applications with a version of Fastify. */
export function fastifyHarness(framework: typeof Fastify): AdapterHarness {
  return {
    resolver: () => domainResolver(),
    factories: [tenancyPlugin, tenancyErrors, tenantOnly, centralOnly, readiness, tenantHealth],
    showsSettled: true,
    async serve(application) {
      const app = await appOf(framework, application);
      await app.ready();
      return { server: app.server, close: () => app.close() };
    },
  };
}

async function appOf(
  framework: typeof Fastify,
  application: AdapterApplication,
): Promise<FastifyInstance> {
  const { tenancy, health } = application;
  const app = framework({
    serverFactory: (handler) =>
      createServer({ requireHostHeader: false }, refuseMalformed(handler)),
  });
  app.setErrorHandler(tenancyErrors(tenancy));
  // Whatever no parser knows is left to the handler.
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
  if (health) app.get("/live", liveness()).get("/ready", readiness(tenancy, health));
  await app.register((tenants, _options, done) => {
    addRoutes(tenants, application).then(() => done(), done);
  });
  return app;
}

async function addRoutes(app: FastifyInstance, application: AdapterApplication): Promise<void> {
  const { tenancy, mode, requestIdHeader, mounted = 1, inner } = application;
  const { debugHeaders, health, routes, fallback } = application;
  for (let i = 0; i < mounted; i++) {
    await app.register(
      tenancyPlugin(tenancy, {
        ...(mode && { mode }),
        ...(debugHeaders && { debugHeaders }),
        ...(requestIdHeader && {
          requestId: ({ headers }) => headers[requestIdHeader]?.toString(),
        }),
      }),
    );
  }
  if (inner) await app.register(tenancyPlugin(inner));
  if (health) {
    app.get("/health", { onRequest: tenantOnly(tenancy) }, tenantHealth(tenancy, health));
  }
  for (const route of routes) {
    const method = route.method === "GET" ? "get" : "post";
    app[method](route.path, guardOf(application, route), handlerOf(route));
  }
  const nothing = { error: { code: "NOT_FOUND", message: "There is nothing here." } };
  app.setNotFoundHandler(
    fallback === undefined
      ? (_request, reply) => void reply.code(404).send(nothing)
      : handlerOf({ method: "GET", path: "", handle: fallback }),
  );
}

function guardOf({ tenancy }: AdapterApplication, { only }: AdapterRoute): RouteShorthandOptions {
  if (only === "tenant") return { onRequest: tenantOnly(tenancy) };
  if (only === "central") return { onRequest: centralOnly(tenancy) };
  return {};
}

function handlerOf({ handle, byHand }: AdapterRoute): RouteHandlerMethod {
  return function answer(request, reply) {
    if (byHand) reply.hijack();
    const value = handle({ body: request.body, request: request.raw, response: reply.raw });
    if (byHand || value instanceof Promise) return value;
    return reply.send(value instanceof Readable ? value : (value ?? null));
  };
}
