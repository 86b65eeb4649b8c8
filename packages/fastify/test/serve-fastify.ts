import { createServer } from "node:http";
import { Readable } from "node:stream";
import { refuseMalformed } from "@af-tenancy/core";
import * as resolvers from "@af-tenancy/resolvers";
import type { AdapterApplication, AdapterHarness, AdapterRoute } from "@af-tenancy/testing";
import type fastifyCors from "@fastify/cors";
import type Fastify from "fastify";
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RouteHandlerMethod,
  RouteShorthandOptions,
} from "fastify";
import {
  centralOnly,
  liveness,
  readiness,
  rewriteTenantUrl,
  tenancyErrors,
  tenancyPlugin,
  tenantHealth,
  tenantOnly,
} from "../src/index.ts";

/** Makes the contract's applications with a version of Fastify. */
export function fastifyHarness(
  framework: typeof Fastify,
  cors: typeof fastifyCors,
): AdapterHarness {
  return {
    resolvers,
    factories: [tenancyPlugin, tenancyErrors, tenantOnly, centralOnly, readiness, tenantHealth],
    showsSettled: true,
    async serve(application) {
      const app = await appOf(framework, cors, application);
      await app.ready();
      return { server: app.server, close: () => app.close() };
    },
  };
}

async function appOf(
  framework: typeof Fastify,
  cors: typeof fastifyCors,
  application: AdapterApplication,
): Promise<FastifyInstance> {
  const { tenancy, health, rules, resolve, rewritten } = application;
  const app = framework({
    ...(rewritten && {
      rewriteUrl: rewriteTenantUrl(tenancy, {
        ...(rules && { routes: rules }),
        ...(resolve && { resolve }),
      }),
    }),
    serverFactory: (handler) =>
      createServer({ requireHostHeader: false }, refuseMalformed(handler)),
  });
  app.setErrorHandler(tenancyErrors(tenancy));
  // Whatever no parser knows is left to the handler.
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
  if (health) app.get("/live", liveness()).get("/ready", readiness(tenancy, health));
  await app.register((tenants, _options, done) => {
    addRoutes(tenants, cors, application).then(() => done(), done);
  });
  return app;
}

async function addRoutes(
  app: FastifyInstance,
  cors: typeof fastifyCors,
  application: AdapterApplication,
): Promise<void> {
  const { tenancy, mode, requestIdHeader, mounted = 1, inner } = application;
  const { debugHeaders, rules, resolve, failWith, session, health, routes, fallback } = application;
  const { allowsOrigin } = application;
  if (session) {
    app.addHook("onRequest", (request, _reply, done) => {
      Object.assign(request, { session });
      done();
    });
  }
  for (let i = 0; i < mounted; i++) {
    await app.register(
      tenancyPlugin(tenancy, {
        ...(mode && { mode }),
        ...(rules && { routes: rules }),
        ...(resolve && { resolve }),
        ...(debugHeaders && { debugHeaders }),
        ...(failWith && { onFail: failure(failWith) }),
        ...(requestIdHeader && {
          requestId: ({ headers }) => headers[requestIdHeader]?.toString(),
        }),
      }),
    );
  }
  if (inner) await app.register(tenancyPlugin(inner));
  if (allowsOrigin) {
    await app.register(cors, {
      origin(origin, answer) {
        allowsOrigin(origin).then(
          (allowed) => answer(null, allowed),
          (error: Error) => answer(error, false),
        );
      },
    });
  }
  if (health) {
    app.get("/health", { onRequest: tenantOnly(tenancy) }, tenantHealth(tenancy, health));
  }
  for (const route of routes) {
    await app.register((inside, _options, done) => {
      addRoute(inside, application, route).then(() => done(), done);
    });
  }
  const nothing = { error: { code: "NOT_FOUND", message: "There is nothing here." } };
  app.setNotFoundHandler(
    fallback === undefined
      ? (_request, reply) => void reply.code(404).send(nothing)
      : handlerOf({ method: "GET", path: "", handle: fallback }),
  );
}

async function addRoute(
  app: FastifyInstance,
  application: AdapterApplication,
  route: AdapterRoute,
): Promise<void> {
  const { identified, bind } = route;
  if (identified) await app.register(tenancyPlugin(application.tenancy, { mode: identified }));
  if (bind) {
    app.addHook("preValidation", (request, _reply, done) => {
      const { note = "" } = request.params as { readonly note?: string };
      Object.assign(request, { bound: bind(note) });
      done();
    });
  }
  const method = route.method === "GET" ? "get" : "post";
  app[method](route.path, guardOf(application, route), handlerOf(route));
}

function guardOf({ tenancy }: AdapterApplication, { only }: AdapterRoute): RouteShorthandOptions {
  if (only === "tenant") return { onRequest: tenantOnly(tenancy) };
  if (only === "central") return { onRequest: centralOnly(tenancy) };
  return {};
}

function failure(failWith: NonNullable<AdapterApplication["failWith"]>) {
  return (error: unknown, _request: FastifyRequest, reply: FastifyReply) => {
    const answer = failWith(error);
    if (answer === undefined) throw error;
    reply.code(answer.status).send(answer.body);
  };
}

function handlerOf({ handle, byHand }: AdapterRoute): RouteHandlerMethod {
  return function answer(request, reply) {
    if (byHand) reply.hijack();
    const { body, url, raw } = request;
    const params = request.params as Readonly<Record<string, string>>;
    const { bound } = request as { readonly bound?: string };
    const value = handle({ body, url, params, bound, request: raw, response: reply.raw });
    if (byHand || value instanceof Promise) return value;
    return reply.send(value instanceof Readable ? value : (value ?? null));
  };
}
