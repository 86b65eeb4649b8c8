import { createServer } from "node:http";
import { Readable } from "node:stream";
import { refuseMalformed } from "@af-tenancy/core";
import * as resolvers from "@af-tenancy/resolvers";
import type { AdapterApplication, AdapterHarness, AdapterRoute } from "@af-tenancy/testing";
import cors from "cors";
import type express from "express";
import type { Express, Request, RequestHandler, Response } from "express";
import {
  centralOnly,
  liveness,
  readiness,
  tenancyErrors,
  tenancyMiddleware,
  tenantHealth,
  tenantOnly,
} from "../src/index.ts";

/** Makes the contract's applications with a version of Express. */
export function expressHarness(framework: typeof express): AdapterHarness {
  return {
    resolvers,
    factories: [tenancyMiddleware, tenancyErrors, tenantOnly, centralOnly, readiness, tenantHealth],
    showsSettled: false,
    serve: (application) => ({
      server: createServer(
        { requireHostHeader: false },
        refuseMalformed(appOf(framework, application)),
      ),
    }),
  };
}

function appOf(framework: typeof express, application: AdapterApplication): Express {
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
  const app = framework();
  app.disable("x-powered-by").disable("etag");
  if (health) app.get("/live", liveness()).get("/ready", readiness(tenancy, health));
  if (parsersFirst) app.use(framework.json());
  if (session)
    app.use((request, _response, next) => {
      Object.assign(request, { session });
      next();
    });
  for (let i = 0; i < mounted; i++) {
    app.use(
      tenancyMiddleware(tenancy, {
        ...(mode && { mode }),
        ...(rules && { routes: rules }),
        ...(resolve && { resolve }),
        ...(debugHeaders && { debugHeaders }),
        ...(failWith && { onFail: failure(failWith) }),
        ...(requestIdHeader && { requestId: (request) => request.get(requestIdHeader) }),
      }),
    );
  }
  if (inner) app.use(tenancyMiddleware(inner));
  if (allowsOrigin) {
    app.use(
      cors({
        origin(origin, answer) {
          allowsOrigin(origin).then((allowed) => answer(null, allowed), answer);
        },
      }),
    );
  }
  if (!parsersFirst) app.use(framework.json());
  if (health) app.get("/health", tenantOnly(tenancy), tenantHealth(tenancy, health));
  for (const route of routes) {
    const method = route.method === "GET" ? "get" : "post";
    const before = identifiedBy(application, route);
    if (route.bind) bindNotes(app, route.bind);
    app[method](route.path, before, guardOf(application, route), handlerOf(route));
  }
  if (fallback) app.use(handlerOf({ method: "GET", path: "", handle: fallback }));
  app.use((_request, response) => {
    response.status(404).json({ error: { code: "NOT_FOUND", message: "There is nothing here." } });
  });
  app.use(tenancyErrors(tenancy));
  return app;
}

function guardOf({ tenancy }: AdapterApplication, { only }: AdapterRoute): RequestHandler {
  if (only === "tenant") return tenantOnly(tenancy);
  if (only === "central") return centralOnly(tenancy);
  return (_request, _response, next) => next();
}

function identifiedBy(
  { tenancy }: AdapterApplication,
  { identified }: AdapterRoute,
): RequestHandler {
  if (identified) return tenancyMiddleware(tenancy, { mode: identified });
  return (_request, _response, next) => next();
}

function failure(failWith: NonNullable<AdapterApplication["failWith"]>) {
  return (error: unknown, _request: Request, response: Response) => {
    const answer = failWith(error);
    if (answer === undefined) throw error;
    response.status(answer.status).json(answer.body);
  };
}

function bindNotes(app: Express, bind: NonNullable<AdapterRoute["bind"]>): void {
  app.param("note", (_request, response, next, note) => {
    response.locals.bound = bind(note);
    next();
  });
}

function handlerOf({ handle, byHand }: AdapterRoute): RequestHandler {
  return function answer(request, response, next) {
    const { body, url, params } = request;
    const { bound } = response.locals;
    const call = { body, url, params: params as Record<string, string>, bound, request, response };
    const finish = (value: unknown) => {
      if (byHand) return;
      if (value instanceof Readable) value.pipe(response);
      else response.json(value);
    };
    try {
      const value = handle(call);
      if (value instanceof Promise) value.then(finish).catch(next);
      else finish(value);
    } catch (error) {
      next(error);
    }
  };
}
