import { checkTenancy, errorResponse, type Tenancy, type Tenant } from "@af-tenancy/core";
import type { ErrorRequestHandler } from "express";

/**
 * Answers errors as `{ "error": { "code", "message" } }` with their status. What the client must not see (every 5xx
 * that no tenancy error explains) goes to the tenancy's `failure` event. Mount it after the routes.
 *
 * @example app.use(tenancyErrors(tenancy));
 * @throws ConfigurationError when the tenancy is none
 */
export function tenancyErrors<T extends Tenant>(tenancy: Tenancy<T>): ErrorRequestHandler {
  checkTenancy(tenancy);
  return function answerError(error: unknown, _request, response, next) {
    const { status, headers, body } = errorResponse(error);
    if (status >= 500) tenancy.report(error);
    if (response.headersSent) {
      next(error);
      return;
    }
    response.status(status).set(headers).json(body);
  };
}
