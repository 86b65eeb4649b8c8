import { InvalidInputError } from "@af-tenancy/core";
import {
  centralOnly,
  liveness,
  readiness,
  tenancyErrors,
  tenancyMiddleware,
  tenantHealth,
  tenantOnly,
} from "@af-tenancy/koa";
import { bodyParser } from "@koa/bodyparser";
import Router from "@koa/router";
import Koa, { type Context } from "koa";
import { Note } from "./note.ts";
import type { Composed } from "./tenancy.ts";

/** The application: notes on tenants' hosts, the list of tenants on the central one, probes on any. */
export function createApp({ db, tenancy }: Composed): Koa {
  const app = new Koa();
  app.use(tenancyErrors(tenancy));

  const probes = new Router();
  probes.get("/live", liveness());
  probes.get("/ready", readiness(tenancy));
  app.use(probes.routes());

  app.use(tenancyMiddleware(tenancy));
  app.use(bodyParser({ enableTypes: ["json"] }));

  const router = new Router();
  const database = () => db.em().execute("select 1");
  router.get("/health", tenantOnly(tenancy), tenantHealth(tenancy, { checks: { database } }));
  router.get("/tenants", centralOnly(tenancy), async (context) => {
    const tenants: object[] = [];
    for await (const { slug, name, status } of tenancy.store.list()) {
      tenants.push({ slug, name, status });
    }
    context.body = { tenants };
  });
  router.get("/notes", tenantOnly(tenancy), async (context) => {
    context.body = await db.em().findAll(Note, { orderBy: { id: "asc" } });
  });
  router.post("/notes", tenantOnly(tenancy), async (context) => {
    const note = db.em().create(Note, { text: textOf(context) });
    await db.em().flush();
    context.status = 201;
    context.body = note;
  });
  app.use(router.routes());

  app.use((context) => {
    context.status = 404;
    context.body = { error: { code: "NOT_FOUND", message: "There is nothing here." } };
  });
  return app;
}

function textOf(context: Context): string {
  const { text } = (context.request.body ?? {}) as { readonly text?: unknown };
  if (typeof text === "string" && text.trim() !== "") return text;
  throw new InvalidInputError("text", typeof text === "string" ? text : "", "give some text");
}
