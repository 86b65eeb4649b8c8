import { checkTenancy, HttpRequest, type Tenancy, type Tenant } from "@af-tenancy/core";
import type { ErrorRequestHandler } from "express";

/**
 * Answers errors as `{ "error": { "code", "message" } }` with their status, and refusals as the option `admission`
 * says. What the client must not see (every 5xx that no tenancy error explains) goes to the tenancy's `failure` event.
 * Mount it after the routes.
 *
 * @example app.use(tenancyErrors(tenancy));
 * @throws ConfigurationError when the tenancy is none
 */
export function tenancyErrors<T extends Tenant>(tenancy: Tenancy<T>): ErrorRequestHandler {
  checkTenancy(tenancy);
  return function answerError(error: unknown, request, response, next) {
    const asked = new HttpRequest(request, request.originalUrl);
    const { status, headers, body, isFailure } = tenancy.errorResponse(error, asked);
    if (isFailure) tenancy.report(error);
    if (response.headersSent) {
      next(error);
      return;
    }
    response.status(status).set(headers);
    if (typeof body === "string") response.send(body);
    else response.json(body);
  };
}
