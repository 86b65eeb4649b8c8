import { createServer, type Server } from "node:http";
import * as forExpress from "@af-tenancy/express";
import * as forFastify from "@af-tenancy/fastify";
import * as forKoa from "@af-tenancy/koa";
import Router from "@koa/router";
import express from "express";
import Fastify from "fastify";
import Koa from "koa";
import { canary, type Storm } from "./start-storm.ts";

/** Reads a note of the request's tenant, or writes it anew in a transaction and reads it; each way goes over the database. */
export type Answer = { readonly slug: string; readonly text: string };

/** The same application in each framework: `GET /notes/:id` reads a note, `PUT /notes/:id` writes it. */
export const frameworks: Readonly<Record<string, (storm: Storm) => Promise<Server>>> = {
  async Express(storm) {
    const app = express();
    app.use(forExpress.tenancyMiddleware(storm.tenancy, { mode: "tenant" }));
    app.get("/notes/:id", async ({ params }, response) => {
      response.json(await read(storm, Number(params.id)));
    });
    app.put("/notes/:id", async ({ params }, response) => {
      response.json(await write(storm, Number(params.id)));
    });
    app.use(forExpress.tenancyErrors(storm.tenancy));
    return createServer(app);
  },
  async Koa(storm) {
    const app = new Koa();
    app.use(forKoa.tenancyErrors(storm.tenancy));
    app.use(forKoa.tenancyMiddleware(storm.tenancy, { mode: "tenant" }));
    const router = new Router();
    router.get("/notes/:id", async (context) => {
      context.body = await read(storm, Number(context.params.id));
    });
    router.put("/notes/:id", async (context) => {
      context.body = await write(storm, Number(context.params.id));
    });
    return createServer(app.use(router.routes()).callback());
  },
  async Fastify(storm) {
    const app = Fastify();
    app.setErrorHandler(forFastify.tenancyErrors(storm.tenancy));
    await app.register(forFastify.tenancyPlugin(storm.tenancy, { mode: "tenant" }));
    type Named = { readonly Params: { readonly id: string } };
    app.get<Named>("/notes/:id", ({ params }) => read(storm, Number(params.id)));
    app.put<Named>("/notes/:id", ({ params }) => write(storm, Number(params.id)));
    await app.ready();
    return app.server;
  },
};

async function read({ db, tenancy }: Storm, id: number): Promise<Answer> {
  const note = await db.em().findOneOrFail(db.entities().Note, { id });
  return { slug: tenancy.currentOrFail().slug, text: note.text };
}

async function write(storm: Storm, id: number): Promise<Answer> {
  const { slug } = storm.tenancy.currentOrFail();
  await storm.db.em().transactional(async (em) => {
    const note = await em.findOneOrFail(storm.db.entities().Note, { id });
    note.text = `${canary(slug, id)} ${Math.random()}`;
  });
  storm.db.em().clear();
  return read(storm, id);
}
