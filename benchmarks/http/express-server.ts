import { createServer } from "node:http";
import { tenancyErrors, tenancyMiddleware } from "@af-tenancy/express";
import express, { type Express } from "express";
import { ownStore, type ReadNote, tellPort } from "./served-notes.ts";

// Serves the tenanted application (`ours`) or the plain one over the same kind of file until its parent lets go.
const { tenancy, isOurs, readTenanted, plainReader } = await ownStore("http-express");
await tellPort(createServer(isOurs ? tenanted() : addRoutes(express(), plainReader())));

function tenanted(): Express {
  const app = express();
  app.use(tenancyMiddleware(tenancy, { mode: "tenant" }));
  addRoutes(app, readTenanted);
  return app.use(tenancyErrors(tenancy));
}

function addRoutes(app: Express, readNote: ReadNote): Express {
  app.get("/empty", (_request, response) => {
    response.json({});
  });
  app.post("/read", express.json(), async (request, response) => {
    const { id } = request.body as { readonly id: number };
    response.json(await readNote(id));
  });
  return app;
}
