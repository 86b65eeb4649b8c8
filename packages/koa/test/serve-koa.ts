import { createServer } from "node:http";
import { refuseMalformed } from "@af-tenancy/core";
import * as resolvers from "@af-tenancy/resolvers";
import type { AdapterApplication, AdapterHarness, AdapterRoute } from "@af-tenancy/testing";
import { bodyParser } from "@koa/bodyparser";
import cors from "@koa/cors";
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
    resolvers,
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
    rules,
    resolve,
    failWith,
    session,
    allowsOrigin,
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
  if (session) {
    app.use((context, next) => {
      Object.assign(context, { session });
      return next();
    });
  }
  for (let i = 0; i < mounted; i++) {
    app.use(
      tenancyMiddleware(tenancy, {
        ...(mode && { mode }),
        ...(rules && { routes: rules }),
        ...(resolve && { resolve }),
        ...(debugHeaders && { debugHeaders }),
        ...(failWith && { onFail: failure(failWith) }),
        ...(requestIdHeader && {
          requestId: (context) => context.get(requestIdHeader) || undefined,
        }),
      }),
    );
  }
  if (inner) app.use(tenancyMiddleware(inner));
  if (allowsOrigin) {
    app.use(
      cors({
        async origin(context) {
          const origin = context.get("Origin");
          return (await allowsOrigin(origin)) ? origin : "";
        },
      }),
    );
  }
  if (!parsersFirst) app.use(bodyParser());
  const router = new Router();
  if (health) router.get("/health", tenantOnly(tenancy), tenantHealth(tenancy, health));
  for (const route of routes) {
    const method = route.method === "GET" ? "get" : "post";
    const before = identifiedBy(application, route);
    if (route.bind) bindNotes(router, route.bind);
    router[method](route.path, before, guardOf(application, route), handlerOf(route));
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

function identifiedBy(
  { tenancy }: AdapterApplication,
  { identified }: AdapterRoute,
): RouterMiddleware {
  if (identified) return tenancyMiddleware(tenancy, { mode: identified }) as RouterMiddleware;
  return (_context, next) => next();
}

function failure(failWith: NonNullable<AdapterApplication["failWith"]>) {
  return (error: unknown, context: Koa.Context) => {
    const answer = failWith(error);
    if (answer === undefined) throw error;
    context.status = answer.status;
    context.body = answer.body;
  };
}

function bindNotes(router: Router, bind: NonNullable<AdapterRoute["bind"]>): void {
  router.param("note", (note, context, next) => {
    context.state.bound = bind(note);
    return next();
  });
}

function handlerOf({ handle, byHand }: AdapterRoute): RouterMiddleware {
  return async function answer(context) {
    if (byHand) context.respond = false;
    const { body } = context.request as { readonly body?: unknown };
    const { url, params = {}, req: request, res: response } = context;
    const { bound } = context.state;
    const value = await handle({ body, url, params, bound, request, response });
    if (!byHand) context.body = value;
  };
}
