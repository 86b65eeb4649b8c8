import type { IncomingMessage } from "node:http";
import type { Tenant } from "@af-tenancy/core";
import { callbackStore } from "./callback-store.ts";
import { checkLibrary, sessionSettings, type TenantSessionOptions } from "./session-options.ts";
import { requireSingleCookie } from "./single-cookie.ts";

/** What the package @fastify/session exports: a plugin. */
export type FastifySessionModule = (app: never, options: never, done: never) => void;

/** An application of Fastify, as far as it is used. */
export interface FastifyApplication {
  addHook(
    name: "onRequest",
    hook: (
      request: { readonly raw: IncomingMessage },
      reply: unknown,
      done: (error?: Error) => void,
    ) => void,
  ): object;
  register(plugin: never, options: never): object;
}

type Plugin = (app: FastifyApplication, options: object, done: () => void) => void;

/**
 * Gives each request of Fastify a session that belongs to its tenant. Register @fastify/cookie and the tenancy before it,
 * and await each.
 *
 * @example await app.register(fastifySession(session, { tenancy, keyv, secret }));
 * @throws ConfigurationError when an option is wrong or unknown
 */
export function fastifySession<T extends Tenant>(
  session: FastifySessionModule,
  options: TenantSessionOptions<T>,
): Plugin {
  checkLibrary("fastifySession", session, "@fastify/session");
  const settings = sessionSettings("fastifySession", options);
  const { records, secrets, maxAge, rolling, secure, cookie } = settings;

  function tenantSession(app: FastifyApplication, _options: object, done: () => void): void {
    app.addHook("onRequest", (request, _reply, next) => {
      requireSingleCookie(request.raw.rawHeaders, cookie);
      next();
    });
    app.register(
      session as never,
      {
        ...{ rolling, secret: [...secrets], cookieName: cookie, saveUninitialized: false },
        ...{ store: callbackStore(records, settings), idGenerator: () => records.newId() },
        cookie: { path: "/", httpOnly: true, sameSite: "lax", secure, maxAge },
      } as never,
    );
    done();
  }
  // As fastify-plugin does: the session is for the application that registers it, and not for a part of its own.
  return Object.assign(tenantSession, { [Symbol.for("skip-override")]: true });
}
