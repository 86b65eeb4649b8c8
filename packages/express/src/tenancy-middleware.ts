import {
  adapterSettings,
  handleByCallback,
  type RouteMode,
  type RouteRule,
  type Tenancy,
  type Tenant,
  type TenantResolver,
} from "@af-tenancy/core";
import type { NextFunction, Request, RequestHandler, Response } from "express";
import { type AnswerRefusal, ExpressExchange } from "./express-exchange.ts";

/** How the middleware identifies. */
export interface TenancyMiddlewareOptions {
  /** Which side the routes behind it belong to; `universal` when absent, for apps that serve both. */
  readonly mode?: RouteMode;
  /** Where another side or another resolver holds: the first rule whose path a request is below; nowhere when absent. */
  readonly routes?: readonly RouteRule[];
  /** Tells the tenant instead of the tenancy's own resolver. */
  readonly resolve?: TenantResolver;
  /** Names the request in logs and audit, such as the value of a header that your proxy sets. */
  readonly requestId?: (request: Request) => string | undefined;
  /** Adds `X-Tenant-ID` and `X-Tenant-Cache` to answers; off when absent. */
  readonly debugHeaders?: boolean;
  /** Answers a refusal in place of the error handler; what it throws, such as the refusal itself, surfaces there. */
  readonly onFail?: AnswerRefusal;
}

/**
 * Finds the tenant of each request and runs everything behind it in that tenant's scope, until the response is closed.
 * Mount it once, before the routes; body parsers may stand on either side of it.
 *
 * @example app.use(tenancyMiddleware(tenancy));
 * @throws ConfigurationError when the tenancy is none, an option cannot be right, or one is unknown
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
