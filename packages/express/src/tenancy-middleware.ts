import {
  adapterSettings,
  handleByCallback,
  type RouteMode,
  type Tenancy,
  type Tenant,
} from "@af-tenancy/core";
import type { NextFunction, Request, RequestHandler, Response } from "express";
import { ExpressExchange } from "./express-exchange.ts";

/** How the middleware identifies. */
export interface TenancyMiddlewareOptions {
  /** Which side the routes behind it belong to; `universal` when absent, for apps that serve both. */
  readonly mode?: RouteMode;
  /** Names the request in logs and audit, such as the value of a header that your proxy sets. */
  readonly requestId?: (request: Request) => string | undefined;
  /** Adds `X-Tenant-ID` and `X-Tenant-Cache` to answers; off when absent. */
  readonly debugHeaders?: boolean;
}

/**
 * Finds the tenant of each request and runs everything behind it in that tenant's scope, until the response is closed.
 * Mount it once, before the routes; body parsers may stand on either side of it.
 *
 * @example app.use(tenancyMiddleware(tenancy));
 * @throws ConfigurationError when the tenancy is none, the mode is not one of the three, or an option is unknown
 */
export function tenancyMiddleware<T extends Tenant>(
  tenancy: Tenancy<T>,
  options: TenancyMiddlewareOptions = {},
): RequestHandler {
  const settings = adapterSettings("tenancyMiddleware", tenancy, options);

  return function identifyTenant(request: Request, response: Response, next: NextFunction): void {
    handleByCallback(tenancy, new ExpressExchange(request, response, next, settings));
  };
}
