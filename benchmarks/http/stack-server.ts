import { createServer } from "node:http";
import { expressSession } from "@af-tenancy/bootstrappers/session";
import { tenancyErrors, tenancyMiddleware } from "@af-tenancy/express";
import express, { type Express } from "express";
import session from "express-session";
import { Keyv } from "keyv";
import { day, PlainStore } from "./plain-session-store.ts";
import { ownStore, type ReadNote, tellPort } from "./served-notes.ts";

const secret = "a secret of the benchmark, which protects nothing";

// Serves sessions and a note: the tenanted application (`ours`) or the same without tenancy, until its parent lets go.
const { tenancy, isOurs, readTenanted, plainReader } = await ownStore("http-stack");
const rest = { keepAliveTimeout: 60_000 };
await tellPort(createServer(rest, isOurs ? tenanted() : plain()));

function tenanted(): Express {
  const app = express();
  app.use(tenancyMiddleware(tenancy, { mode: "tenant" }));
  app.use(expressSession(session, { tenancy, keyv: new Keyv(), secret, insecure: true }));
  return addRoute(app, readTenanted).use(tenancyErrors(tenancy));
}

function plain(): Express {
  const app = express();
  app.use(
    session({
      store: new PlainStore(),
      secret,
      name: "session",
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: "lax", maxAge: day },
    }),
  );
  return addRoute(app, plainReader());
}

function addRoute(app: Express, readNote: ReadNote): Express {
  return app.get("/visits", async (request, response) => {
    const visited = request.session as { visits?: number };
    visited.visits ??= 1;
    response.json({ visits: visited.visits, note: await readNote(1) });
  });
}
