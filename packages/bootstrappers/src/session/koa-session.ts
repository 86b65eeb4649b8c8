import type { IncomingMessage } from "node:http";
import { ConfigurationError, type Tenant } from "@af-tenancy/core";
import { koaStore } from "./koa-store.ts";
import { checkLibrary, sessionSettings, type TenantSessionOptions } from "./session-options.ts";
import { requireSingleCookie } from "./single-cookie.ts";

/** What the package koa-session exports, as far as it is used. */
export type KoaSessionModule = (options: never, app: never) => object;

/** An application of Koa, as far as it is used. */
export interface KoaApplication {
  keys?: unknown;
}

type Middleware = (
  context: { readonly req: IncomingMessage },
  next: () => Promise<unknown>,
) => Promise<void>;

/**
 * Gives each request of Koa a session that belongs to its tenant. Mount it after the tenancy. The secrets become the
 * application's `keys`.
 *
 * @example app.use(koaSession(session, app, { tenancy, keyv, secret }));
 * @throws ConfigurationError when an option is wrong or unknown, or the application has other keys
 */
export function koaSession<T extends Tenant>(
  session: KoaSessionModule,
  app: KoaApplication,
  options: TenantSessionOptions<T>,
): Middleware {
  checkLibrary("koaSession", session, "koa-session");
  const { records, secrets, maxAge, rolling, secure, cookie } = sessionSettings(
    "koaSession",
    options,
  );
  if (typeof app !== "object" || app === null) {
    const remedy = "pass the application, as in koaSession(session, app, options).";
    throw new ConfigurationError("koaSession(app)", `of type ${typeof app}`, remedy);
  }
  if (app.keys !== undefined) {
    const remedy = "leave app.keys to koaSession(), which sets them to the secrets.";
    throw new ConfigurationError("koaSession.secret", "not the only one: app.keys is set", remedy);
  }
  app.keys = [...secrets];
  const store = koaStore(records, maxAge);
  const handle = session(
    {
      ...{ store, rolling, maxAge, secure, key: cookie, genid: () => records.newId() },
      ...{ path: "/", httpOnly: true, sameSite: "lax", signed: true, overwrite: true },
    } as never,
    app as never,
  ) as Middleware;

  return async function tenantSession(context, next) {
    requireSingleCookie(context.req.rawHeaders, cookie);
    return handle(context, next);
  };
}
