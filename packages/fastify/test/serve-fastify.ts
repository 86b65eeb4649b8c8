import { Readable } from "node:stream";
import { domainResolver } from "@af-tenancy/resolvers";
import type { AdapterApplication, AdapterHarness, AdapterRoute } from "@af-tenancy/testing";
import type Fastify from "fastify";
import type { FastifyInstance, RouteHandlerMethod, RouteShorthandOptions } from "fastify";
import { centralOnly, tenancyErrors, tenancyPlugin, tenantOnly } from "../src/index.ts";

/** Makes the contract's applications with a version of Fastify. */
export function fastifyHarness(framework: typeof Fastify): AdapterHarness {
  return {
    resolver: () => domainResolver(),
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
  const { tenancy, mode, requestIdHeader, mounted = 1, inner, routes } = application;
  const app = framework({ http: { requireHostHeader: false } });
  app.setErrorHandler(tenancyErrors(tenancy));
  for (let i = 0; i < mounted; i++) {
    await app.register(
      tenancyPlugin(tenancy, {
        ...(mode && { mode }),
        ...(requestIdHeader && {
          requestId: ({ headers }) => headers[requestIdHeader]?.toString(),
        }),
      }),
    );
  }
  if (inner) await app.register(tenancyPlugin(inner));
  for (const route of routes) {
    const method = route.method === "GET" ? "get" : "post";
    app[method](route.path, guardOf(application, route), handlerOf(route));
  }
  app.setNotFoundHandler((_request, reply) => {
    reply.code(404).send({ error: { code: "NOT_FOUND", message: "There is nothing here." } });
  });
  return app;
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
