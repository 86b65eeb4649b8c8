import type { Framework } from "./project.ts";

/** The smallest server: one route, which answers with what the tenant of the request keeps. */
export function serverFile(framework: Framework, extension: string): string {
  const { imported, adapter, serving } = parts[framework];
  return `import { createTenancy } from "@af-tenancy/core";
import { ${adapter} } from "@af-tenancy/${framework}";
${imported}
import { Note } from "./note.${extension}";
import options, { db } from "./tenancy.config.${extension}";

const tenancy = createTenancy(options);
await tenancy.start();
const port = Number(process.env.PORT ?? 3000);

${serving}
process.once("SIGTERM", () => tenancy.close({ server }));
`;
}

/** What a server that is there already has to be given. */
export function servingLines(framework: Framework): readonly string[] {
  return parts[framework].serving.split("\n").filter((line) => line.includes("tenancy"));
}

const parts: Readonly<
  Record<
    Framework,
    { readonly imported: string; readonly adapter: string; readonly serving: string }
  >
> = Object.freeze({
  express: {
    imported: 'import express from "express";',
    adapter: "tenancyErrors, tenancyMiddleware",
    serving: `const app = express();
app.use(tenancyMiddleware(tenancy, { mode: "tenant" }));
app.get("/notes", async (_request, response) => {
  response.json(await db.em().findAll(Note));
});
app.use(tenancyErrors(tenancy));
const server = app.listen(port);`,
  },
  koa: {
    imported: 'import Koa from "koa";',
    adapter: "tenancyErrors, tenancyMiddleware",
    serving: `const app = new Koa();
app.use(tenancyErrors(tenancy));
app.use(tenancyMiddleware(tenancy, { mode: "tenant" }));
app.use(async (context) => {
  if (context.path === "/notes") context.body = await db.em().findAll(Note);
});
const server = app.listen(port);`,
  },
  fastify: {
    imported: 'import Fastify from "fastify";',
    adapter: "tenancyErrors, tenancyPlugin",
    serving: `const app = Fastify();
app.setErrorHandler(tenancyErrors(tenancy));
await app.register(tenancyPlugin(tenancy, { mode: "tenant" }));
app.get("/notes", () => db.em().findAll(Note));
await app.listen({ port });
const { server } = app;`,
  },
});
