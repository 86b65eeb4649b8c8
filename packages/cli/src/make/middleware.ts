import type { Framework } from "../install/project.ts";
import type { ModuleShape } from "./module-text.ts";
import type { Names } from "./names.ts";

/** Something that each framework runs for each request of a tenant. */
export function middlewareShape({ kebab, camel }: Names, framework: Framework): ModuleShape {
  const { type, mounted, body } = parts[framework];
  const name = `${camel}Middleware`;
  return {
    types: { "@af-tenancy/core": ["Tenancy"], [framework]: [type] },
    says: [
      "Runs for each request of a tenant, behind what enters it:",
      `\`${mounted(name)}\`. Outside of a tenant it refuses.`,
    ],
    ...{ name, takes: { name: "tenancy", type: "Tenancy" }, gives: type },
    body: body(`"x-${kebab}"`),
  };
}

interface Part {
  readonly type: string;
  readonly mounted: (name: string) => string;
  readonly body: (header: string) => string;
}

const used = (name: string) => `app.use(${name}(tenancy))`;

const parts: Readonly<Record<Framework, Part>> = Object.freeze({
  express: {
    type: "RequestHandler",
    mounted: used,
    body: (header) => `  return (_request, response, next) => {
    const tenant = tenancy.currentOrFail();
    response.setHeader(${header}, tenant.slug);
    next();
  };`,
  },
  koa: {
    type: "Middleware",
    mounted: used,
    body: (header) => `  return async (context, next) => {
    const tenant = tenancy.currentOrFail();
    context.set(${header}, tenant.slug);
    await next();
  };`,
  },
  fastify: {
    type: "onRequestAsyncHookHandler",
    mounted: (name) => `app.addHook("onRequest", ${name}(tenancy))`,
    body: (header) => `  return async (_request, reply) => {
    const tenant = tenancy.currentOrFail();
    reply.header(${header}, tenant.slug);
  };`,
  },
});
