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

// Serves the tenanted and the plain application in one process, so that both meet the same machine and the same heap.
const folder = mkdtempSync(join(tmpdir(), "http-express-"));
const { db, tenancy, file } = await tenantedStore(folder);
const orm = new MikroORM({ dbName: file, entities: [Note], ensureDatabase: false });
process.on("disconnect", () => {
  rmSync(folder, { recursive: true });
  process.exit(0);
});

const tenanted = express();
tenanted.use(tenancyMiddleware(tenancy, { mode: "tenant" }));
addRoutes(tenanted, async (request, response) => {
  response.json(await db.em().findOne(Note, { id: request.body.id }));
});
tenanted.use(tenancyErrors(tenancy));

const plain = express();
addRoutes(plain, async (request, response) => {
  response.json(await orm.em.fork().findOne(Note, { id: request.body.id }));
});

process.send?.({ ours: await listen(tenanted), baseline: await listen(plain) });

function addRoutes(app: Express, readNote: RequestHandler): void {
  app.get("/empty", (_request, response) => {
    response.json({});
  });
  app.post("/read", express.json(), readNote);
}

async function listen(app: Express): Promise<number> {
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
