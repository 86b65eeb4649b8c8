import { createServer } from "node:http";
import { InvalidInputError, refuseMalformed } from "@af-tenancy/core";
import {
  centralOnly,
  liveness,
  readiness,
  tenancyErrors,
  tenancyPlugin,
  tenantHealth,
  tenantOnly,
} from "@af-tenancy/fastify";
import Fastify, { type FastifyInstance } from "fastify";
import { Note } from "./note.ts";
import type { Composed } from "./tenancy.ts";

/** The application: notes on tenants' hosts, the list of tenants on the central one, probes on any. */
export function createApp(composed: Composed): FastifyInstance {
  const { tenancy } = composed;
  const app = Fastify({
    serverFactory: (handler) =>
      createServer({ requireHostHeader: false }, refuseMalformed(handler)),
  });
  app.setErrorHandler(tenancyErrors(tenancy));
  app.get("/live", liveness());
  app.get("/ready", readiness(tenancy));
  app.register((inside, _options, done) => {
    addRoutes(inside, composed).then(() => done(), done);
  });
  return app;
}

/** Everything that has a tenant, or is central. */
async function addRoutes(app: FastifyInstance, { db, tenancy }: Composed): Promise<void> {
  await app.register(tenancyPlugin(tenancy));
  const tenant = { onRequest: tenantOnly(tenancy) };
  const central = { onRequest: centralOnly(tenancy) };

  const database = () => db.em().execute("select 1");
  app.get("/health", tenant, tenantHealth(tenancy, { checks: { database } }));
  app.get("/tenants", central, async () => {
    const tenants: object[] = [];
    for await (const { slug, name, status } of tenancy.store.list()) {
      tenants.push({ slug, name, status });
    }
    return { tenants };
  });
  app.get("/notes", tenant, async () => db.em().findAll(Note, { orderBy: { id: "asc" } }));
  app.post("/notes", tenant, async (request, reply) => {
    const note = db.em().create(Note, { text: textOf(request.body) });
    await db.em().flush();
    reply.code(201);
    return note;
  });
  app.setNotFoundHandler((_request, reply) => {
    reply.code(404).send({ error: { code: "NOT_FOUND", message: "There is nothing here." } });
  });
}

function textOf(body: unknown): string {
  const { text } = (body ?? {}) as { readonly text?: unknown };
  if (typeof text === "string" && text.trim() !== "") return text;
  throw new InvalidInputError("text", typeof text === "string" ? text : "", "give some text");
}
