import type { IncomingMessage, ServerResponse } from "node:http";
import type { Tenant } from "@af-tenancy/core";
import { callbackStore } from "./callback-store.ts";
import { checkLibrary, sessionSettings, type TenantSessionOptions } from "./session-options.ts";
import { requireSingleCookie } from "./single-cookie.ts";

/** What the package express-session exports, as far as it is used. */
export interface ExpressSessionModule {
  (options?: never): (request: never, response: never, next: never) => void;
  readonly Store: abstract new (...args: never[]) => object;
}

type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * Gives each request of Express a session that belongs to its tenant. Mount it after the tenancy.
 *
 * @example app.use(expressSession(session, { tenancy, keyv, secret }));
 * @throws ConfigurationError when an option is wrong or unknown
 */
export function expressSession<T extends Tenant>(
  session: ExpressSessionModule,
  options: TenantSessionOptions<T>,
): Handler {
  checkLibrary("expressSession", session, "express-session");
  const settings = sessionSettings("expressSession", options);
  const { records, secrets, maxAge, rolling, secure, cookie } = settings;
  class Store extends (session.Store as new () => object) {}
  const store = Object.assign(new Store(), callbackStore(records, settings));
  const handle = session({
    ...{ store, rolling, secret: [...secrets], name: cookie },
    ...{ resave: false, saveUninitialized: false, genid: () => records.newId() },
    cookie: { path: "/", httpOnly: true, sameSite: "lax", secure, maxAge },
  } as never) as unknown as Handler;

  return function tenantSession(request, response, next) {
    try {
      requireSingleCookie(request.rawHeaders, cookie);
    } catch (error) {
      next(error);
      return;
    }
    handle(request, response, next);
  };
}
