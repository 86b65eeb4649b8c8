import { createTenancy } from "@af-tenancy/core";
import { tenancyErrors, tenancyMiddleware } from "@af-tenancy/express";
import { provisioning } from "@af-tenancy/provisioning";
import { domainResolver } from "@af-tenancy/resolvers";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { defineEntity, p } from "@mikro-orm/sqlite";
import express from "express";

const properties = { id: p.integer().primary(), text: p.text() };
const Note = defineEntity({ name: "Note", properties });
const db = sqlite({ folder: "./data", entities: [Note] });
const tenancy = createTenancy({
  registry: sqliteRegistry({ file: "./data/registry.sqlite" }),
  databases: db,
  provisioning: provisioning(),
  resolve: domainResolver(),
});
await tenancy.start();
const first = { slug: "acme", domains: ["acme.localhost"], idempotencyKey: "first" };
await tenancy.tenants.create(first);

const app = express();
app.use(tenancyMiddleware(tenancy, { mode: "tenant" }));
app.get("/notes", async (_request, response) => {
  response.json(await db.em().findAll(Note));
});
app.use(tenancyErrors(tenancy));
app.listen(process.env.PORT ?? 3000);
