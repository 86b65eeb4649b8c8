import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { TenantRecord } from "@af-tenancy/core";
import * as onExpress from "@af-tenancy/express";
import * as onFastify from "@af-tenancy/fastify";
import * as onKoa from "@af-tenancy/koa";
import fastifyCookie from "@fastify/cookie";
import fastifySessions from "@fastify/session";
import Router from "@koa/router";
import express from "express";
import expressSessions from "express-session";
import Fastify from "fastify";
import Koa from "koa";
import koaSessions from "koa-session";
import { onTestFinished } from "vitest";
import {
  expressSession,
  fastifySession,
  koaSession,
  type TenantSessionOptions,
} from "../../src/session/index.ts";

/** A session of whichever framework, as the routes below use it. */
interface Visits {
  count?: number;
  regenerate(done?: (error?: unknown) => void): unknown;
  destroy(done?: (error?: unknown) => void): unknown;
}

/** What an application of a test is made from. */
export interface Serving {
  readonly options: TenantSessionOptions<TenantRecord>;
  /** The session stands before the tenancy, where it must not. */
  readonly sessionFirst?: boolean;
  /** Runs the end of each request in whatever scope. */
  readonly around?: (answer: () => void) => unknown;
  /** What `/slow` waits for when it has looked. */
  readonly hold?: () => Promise<void>;
}

/**
 * Serves `/visit`, which counts in the session, `/look` and `/slow`, which do not, `/login`, which begins another one, and
 * `/logout`, which ends it.
 */
export type Serve = (serving: Serving) => Promise<number>;

/** The frameworks whose sessions there are, each with the same routes. */
export const applications: Readonly<Record<string, Serve>> = {
  async express({ options, sessionFirst = false, around = (answer) => answer(), hold }) {
    const { tenancy } = options;
    const app = express().set("trust proxy", true);
    const parts = [onExpress.tenancyMiddleware(tenancy), expressSession(expressSessions, options)];
    app.use(...(sessionFirst ? parts.reverse() : parts));
    const visits = (request: express.Request) => request.session as unknown as Visits;
    app.get("/visit", (request, response) => {
      const count = visit(visits(request));
      around(() => response.json({ count }));
    });
    app.get("/look", (request, response) => {
      response.json({ count: visits(request).count ?? null });
    });
    app.get("/slow", async (request, response) => {
      const { count } = visits(request);
      await hold?.();
      response.json({ count });
    });
    app.get("/logout", (request, response, next) => {
      visits(request).destroy((error) => (error ? next(error) : response.json({})));
    });
    app.get("/login", (request, response, next) => {
      visits(request).regenerate((error) => {
        if (error) next(error);
        else response.json({ count: visit(visits(request)) });
      });
    });
    app.use(onExpress.tenancyErrors(tenancy));
    return listen(app);
  },

  async koa({ options, sessionFirst = false, around = (answer) => answer(), hold }) {
    const { tenancy } = options;
    const app = new Koa();
    app.silent = true;
    app.proxy = true;
    app.use(onKoa.tenancyErrors(tenancy));
    const parts = [
      onKoa.tenancyMiddleware(tenancy),
      koaSession(koaSessions, app, options) as Koa.Middleware,
    ];
    for (const part of sessionFirst ? parts.reverse() : parts) app.use(part);
    const router = new Router();
    const visits = ({ session }: object & { session?: unknown }) => session as Visits;
    router.get("/visit", (context) => {
      const count = visit(visits(context));
      return around(() => {
        context.body = { count };
      }) as Promise<void>;
    });
    router.get("/look", (context) => {
      context.body = { count: visits(context).count ?? null };
    });
    router.get("/slow", async (context) => {
      const { count } = visits(context);
      await hold?.();
      context.body = { count };
    });
    router.get("/logout", (context) => {
      Object.assign(context, { session: null });
      context.body = {};
    });
    router.get("/login", async (context) => {
      await visits(context).regenerate();
      context.body = { count: visit(visits(context)) };
    });
    app.use(router.routes());
    return listen(app.callback());
  },

  async fastify({ options, sessionFirst = false, around = (answer) => answer(), hold }) {
    const { tenancy } = options;
    const app = Fastify({ trustProxy: true });
    app.setErrorHandler(onFastify.tenancyErrors(tenancy));
    await app.register(fastifyCookie);
    const parts = [onFastify.tenancyPlugin(tenancy), fastifySession(fastifySessions, options)];
    for (const part of sessionFirst ? parts.reverse() : parts) await app.register(part);
    const visits = (request: object) => (request as { session: unknown }).session as Visits;
    app.get("/visit", (request, reply) => {
      const count = visit(visits(request));
      around(() => void reply.send({ count }));
      return reply;
    });
    app.get("/look", async (request) => ({ count: visits(request).count ?? null }));
    app.get("/slow", async (request) => {
      const { count } = visits(request);
      await hold?.();
      return { count };
    });
    app.get("/logout", async (request) => {
      await visits(request).destroy();
      return {};
    });
    app.get("/login", async (request) => {
      await visits(request).regenerate();
      return { count: visit(visits(request)) };
    });
    onTestFinished(() => app.close());
    await app.listen({ host: "127.0.0.1", port: 0 });
    return (app.server.address() as AddressInfo).port;
  },
};

function visit(visits: Visits): number {
  visits.count = (visits.count ?? 0) + 1;
  return visits.count;
}

async function listen(handle: RequestListener): Promise<number> {
  const server = createServer(handle);
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
