import { InvalidInputError } from "@af-tenancy/core";
import { centralOnly, tenancyErrors, tenancyMiddleware, tenantOnly } from "@af-tenancy/express";
import express, { type Express, type Request, Router } from "express";
import { Note } from "./note.ts";
import type { Composed } from "./tenancy.ts";

/** The application: notes on tenants' hosts, the list of tenants on the central one. */
export function createApp({ db, tenancy }: Composed): Express {
  const app = express();
  app.disable("x-powered-by");
  app.use(tenancyMiddleware(tenancy));
  app.use(express.json());

  app.get("/", async (_request, response, next) => {
    const tenant = tenancy.current();
    if (tenant === null) return next();
    response.json({ tenant: tenant.slug, name: tenant.name });
  });

  app.get("/", centralOnly(tenancy), async (_request, response) => {
    const tenants: object[] = [];
    for await (const { slug, name, status } of tenancy.store.list()) {
      tenants.push({ slug, name, status });
    }
    response.json({ tenants });
  });

  const notes = Router();
  notes.get("/", async (_request, response) => {
    response.json(await db.em().findAll(Note, { orderBy: { id: "asc" } }));
  });
  notes.post("/", async (request, response) => {
    const note = db.em().create(Note, { text: textOf(request) });
    await db.em().flush();
    response.status(201).json(note);
  });
  notes.get("/:id", async (request, response, next) => {
    const id = /^[1-9]\d{0,14}$/.test(request.params.id) ? Number(request.params.id) : 0;
    const note = await db.em().findOne(Note, { id });
    if (note === null) return next();
    response.json(note);
  });
  app.use("/notes", tenantOnly(tenancy), notes);

  app.use((_request, response) => {
    response.status(404).json({ error: { code: "NOT_FOUND", message: "There is nothing here." } });
  });
  app.use(tenancyErrors(tenancy));
  return app;
}

function textOf(request: Request): string {
  if (request.body === undefined) {
    const rule = 'send JSON such as {"text": "Hello"} with the content type application/json';
    throw new InvalidInputError("body", request.get("content-type") ?? "", rule);
  }
  const { text } = request.body as { readonly text?: unknown };
  if (typeof text === "string" && text.trim() !== "") return text;
  throw new InvalidInputError("text", typeof text === "string" ? text : "", "give some text");
}
