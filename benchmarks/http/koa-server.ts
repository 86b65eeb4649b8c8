import { createServer } from "node:http";
import { tenancyErrors, tenancyMiddleware } from "@af-tenancy/koa";
import { bodyParser } from "@koa/bodyparser";
import Router from "@koa/router";
import Koa from "koa";
import { ownStore, type ReadNote, tellPort } from "./served-notes.ts";

// Serves the tenanted application (`ours`) or the plain one over the same kind of file until its parent lets go.
const { tenancy, isOurs, readTenanted, plainReader } = await ownStore("http-koa");
const app = isOurs ? tenanted() : addRoutes(new Koa(), plainReader());
await tellPort(createServer(app.callback()));

function tenanted(): Koa {
  const app = new Koa();
  app.use(tenancyErrors(tenancy)).use(tenancyMiddleware(tenancy, { mode: "tenant" }));
  return addRoutes(app, readTenanted);
}

function addRoutes(app: Koa, readNote: ReadNote): Koa {
  const router = new Router();
  router.get("/empty", (context) => {
    context.body = {};
  });
  router.post("/read", bodyParser(), async (context) => {
    const { id } = context.request.body as { readonly id: number };
    context.body = await readNote(id);
  });
  app.use(router.routes());
  return app;
}
