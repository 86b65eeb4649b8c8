import {
  ConfigurationError,
  checkKnownOptions,
  isThenable,
  type RouteMode,
  type Tenancy,
  type Tenant,
} from "@af-tenancy/core";
import type { NextFunction, Request, RequestHandler, Response } from "express";
import { checkTenancy } from "./check-tenancy.ts";
import { ExpressExchange } from "./express-exchange.ts";

/** How the middleware identifies. */
export interface TenancyMiddlewareOptions {
  /** Which side the routes behind it belong to; `universal` when absent, for apps that serve both. */
  readonly mode?: RouteMode;
  /** Names the request in logs and audit, such as the value of a header that your proxy sets. */
  readonly requestId?: (request: Request) => string | undefined;
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
  checkTenancy(tenancy);
  checkKnownOptions<TenancyMiddlewareOptions>("tenancyMiddleware", options, {
    mode: true,
    requestId: true,
  });
  const { mode = "universal", requestId } = options;
  if (!["tenant", "central", "universal"].includes(mode)) {
    throw new ConfigurationError("mode", `"${mode}"`, 'use "tenant", "central" or "universal".');
  }
  if (requestId !== undefined && typeof requestId !== "function") {
    throw new ConfigurationError("requestId", `of type ${typeof requestId}`, "pass a function.");
  }

  return function identifyTenant(request: Request, response: Response, next: NextFunction): void {
    const id = requestId?.(request);
    const origin = id === undefined ? undefined : { requestId: id };
    const exchange = new ExpressExchange(request, response, next, mode, origin);
    try {
      const handled = tenancy.handle(exchange);
      if (isThenable(handled)) void handled.then(undefined, (error) => exchange.refuse(error));
    } catch (error) {
      exchange.refuse(error);
    }
  };
}
