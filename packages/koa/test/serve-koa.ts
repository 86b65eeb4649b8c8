import { createServer } from "node:http";
import { refuseMalformed } from "@af-tenancy/core";
import { domainResolver } from "@af-tenancy/resolvers";
import type { AdapterApplication, AdapterHarness, AdapterRoute } from "@af-tenancy/testing";
import { bodyParser } from "@koa/bodyparser";
import Router, { type RouterMiddleware } from "@koa/router";
import type Koa from "koa";
import {
  centralOnly,
  liveness,
  readiness,
  tenancyErrors,
  tenancyMiddleware,
  tenantHealth,
  tenantOnly,
} from "../src/index.ts";

/** Makes the contract's applications with a version of Koa. */
export function koaHarness(Framework: typeof Koa): AdapterHarness {
  return {
    resolver: () => domainResolver(),
    factories: [tenancyMiddleware, tenancyErrors, tenantOnly, centralOnly, readiness, tenantHealth],
    showsSettled: true,
    serve: (application) => ({
      server: createServer(
        { requireHostHeader: false },
        refuseMalformed(appOf(Framework, application).callback()),
      ),
    }),
  };
}

function appOf(Framework: typeof Koa, application: AdapterApplication): Koa {
  const {
    tenancy,
    mode,
    requestIdHeader,
    mounted = 1,
    inner,
    parsersFirst,
    debugHeaders,
    health,
    routes,
    fallback,
  } = application;
  const app = new Framework();
  app.silent = true;
  app.use(tenancyErrors(tenancy));
  if (health) {
    const outside = new Router();
    outside.get("/live", liveness()).get("/ready", readiness(tenancy, health));
    app.use(outside.routes());
  }
  if (parsersFirst) app.use(bodyParser());
  for (let i = 0; i < mounted; i++) {
    app.use(
      tenancyMiddleware(tenancy, {
        ...(mode && { mode }),
        ...(debugHeaders && { debugHeaders }),
        ...(requestIdHeader && {
          requestId: (context) => context.get(requestIdHeader) || undefined,
        }),
      }),
    );
  }
  if (inner) app.use(tenancyMiddleware(inner));
  if (!parsersFirst) app.use(bodyParser());
  const router = new Router();
  if (health) router.get("/health", tenantOnly(tenancy), tenantHealth(tenancy, health));
  for (const route of routes) {
    const method = route.method === "GET" ? "get" : "post";
    router[method](route.path, guardOf(application, route), handlerOf(route));
  }
  app.use(router.routes());
  if (fallback) app.use(handlerOf({ method: "GET", path: "", handle: fallback }) as Koa.Middleware);
  app.use((context) => {
    context.status = 404;
    context.body = { error: { code: "NOT_FOUND", message: "There is nothing here." } };
  });
  return app;
}

function guardOf({ tenancy }: AdapterApplication, { only }: AdapterRoute): RouterMiddleware {
  if (only === "tenant") return tenantOnly(tenancy);
  if (only === "central") return centralOnly(tenancy);
  return (_context, next) => next();
}

function handlerOf({ handle, byHand }: AdapterRoute): RouterMiddleware {
  return async function answer(context) {
    if (byHand) context.respond = false;
    const { body } = context.request as { readonly body?: unknown };
    const value = await handle({ body, request: context.req, response: context.res });
    if (!byHand) context.body = value;
  };
}
