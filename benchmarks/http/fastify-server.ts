import { tenancyErrors, tenancyPlugin } from "@af-tenancy/fastify";
import Fastify, { type FastifyInstance } from "fastify";
import { ownStore, type ReadNote, tellPort } from "./served-notes.ts";

// Serves the tenanted application (`ours`) or the plain one over the same kind of file until its parent lets go.
const { tenancy, isOurs, readTenanted, plainReader } = await ownStore("http-fastify");
const app = isOurs ? await tenanted() : addRoutes(Fastify(), plainReader());
await app.ready();
await tellPort(app.server);

async function tenanted(): Promise<FastifyInstance> {
  const app = Fastify();
  app.setErrorHandler(tenancyErrors(tenancy));
  await app.register(tenancyPlugin(tenancy, { mode: "tenant" }));
  return addRoutes(app, readTenanted);
}

function addRoutes(app: FastifyInstance, readNote: ReadNote): FastifyInstance {
  app.get("/empty", async () => ({}));
  app.post("/read", async (request) => readNote((request.body as { readonly id: number }).id));
  return app;
}
