import { createServer } from "node:http";
import { expressSession, fastifySession, koaSession } from "@af-tenancy/bootstrappers/session";
import type { Tenancy } from "@af-tenancy/core";
import { tenancyErrors, tenancyMiddleware } from "@af-tenancy/express";
import { tenancyPlugin } from "@af-tenancy/fastify";
import * as onKoa from "@af-tenancy/koa";
import { domainResolver } from "@af-tenancy/resolvers";
import cookies from "@fastify/cookie";
import fastifySessions from "@fastify/session";
import express from "express";
import session from "express-session";
import Fastify from "fastify";
import { Keyv } from "keyv";
import Koa from "koa";
import koaSessions from "koa-session";
import { expect, it } from "vitest";
import { askServer } from "./ask-server.ts";
import { startTenancy } from "./start-tenancy.ts";

const secret = "at least 32 characters from your secrets";

it("keeps a session with Express", async () => {
  const tenancy = await startTenancy({ resolve: domainResolver(), central: ["example.com"] });

  const ask = await askServer(createServer(createApp(tenancy, secret)));

  expect(await ask("acme.example.com", "/visits")).toBe('200 {"visits":1}');
});

// #region express
declare module "express-session" {
  interface SessionData {
    visits: number;
  }
}

function createApp(tenancy: Tenancy, secret: string): express.Express {
  const app = express();
  app.set("trust proxy", 1); // TLS ends at a proxy
  app.use(tenancyMiddleware(tenancy));
  app.use(expressSession(session, { tenancy, keyv: new Keyv(), secret })); // after the tenancy
  app.get("/visits", (request, response) => {
    const visits = (request.session.visits ?? 0) + 1;
    request.session.visits = visits;
    response.json({ visits });
  });
  app.use(tenancyErrors(tenancy));
  return app;
}
// #endregion

it("keeps a session with Koa", async () => {
  const tenancy = await startTenancy({ resolve: domainResolver(), central: ["example.com"] });
  const keyv = new Keyv();
  // #region koa
  const app = new Koa({ proxy: true });
  app.use(onKoa.tenancyErrors(tenancy));
  app.use(onKoa.tenancyMiddleware(tenancy));
  app.use(koaSession(koaSessions, app, { tenancy, keyv, secret }));
  // #endregion
  app.use((context) => {
    context.body = { isNew: context.session?.isNew };
  });

  const ask = await askServer(createServer(app.callback()));

  expect(await ask("acme.example.com", "/")).toBe('200 {"isNew":true}');
});

it("keeps a session with Fastify", async () => {
  const tenancy = await startTenancy({ resolve: domainResolver(), central: ["example.com"] });
  const keyv = new Keyv();
  // #region fastify
  const app = Fastify({ trustProxy: true });
  await app.register(cookies);
  await app.register(tenancyPlugin(tenancy));
  await app.register(fastifySession(fastifySessions, { tenancy, keyv, secret }));
  // #endregion
  app.get("/", async (request) => ({ isSaved: request.session.isSaved() }));
  await app.ready();

  const ask = await askServer(app.server);

  expect(await ask("acme.example.com", "/")).toBe('200 {"isSaved":false}');
});
