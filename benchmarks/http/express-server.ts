import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tenancyErrors, tenancyMiddleware } from "@af-tenancy/express";
import { MikroORM } from "@mikro-orm/sqlite";
import express, { type Express, type RequestHandler } from "express";
import { Note } from "./note.ts";
import { tenantedStore } from "./tenanted-store.ts";

// Serves the tenanted application (`ours`) or the plain one over the same kind of file until its parent lets go.
const folder = mkdtempSync(join(tmpdir(), "http-express-"));
const store = await tenantedStore(folder);
process.on("disconnect", () => {
  rmSync(folder, { recursive: true });
  process.exit(0);
});

const app = process.argv[2] === "ours" ? tenanted() : plain();
const server = app.listen(0, "127.0.0.1");
await once(server, "listening");
process.send?.((server.address() as AddressInfo).port);

function tenanted(): Express {
  const { db, tenancy } = store;
  const app = express();
  app.use(tenancyMiddleware(tenancy, { mode: "tenant" }));
  addRoutes(app, async (request, response) => {
    response.json(await db.em().findOne(Note, { id: request.body.id }));
  });
  app.use(tenancyErrors(tenancy));
  return app;
}

function plain(): Express {
  const orm = new MikroORM({ dbName: store.file, entities: [Note], ensureDatabase: false });
  const app = express();
  addRoutes(app, async (request, response) => {
    response.json(await orm.em.fork().findOne(Note, { id: request.body.id }));
  });
  return app;
}

function addRoutes(app: Express, readNote: RequestHandler): void {
  app.get("/empty", (_request, response) => {
    response.json({});
  });
  app.post("/read", express.json(), readNote);
}
