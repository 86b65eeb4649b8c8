import { checkTenancy, HttpRequest, type Tenancy, type Tenant } from "@af-tenancy/core";
import type { Middleware } from "koa";

/**
 * Answers errors as `{ "error": { "code", "message" } }` with their status, and refusals as the option `admission`
 * says. What the client must not see (every 5xx that no tenancy error explains) goes to the tenancy's `failure` event.
 * Mount it first, before the tenancy middleware.
 *
 * @example app.use(tenancyErrors(tenancy)).use(tenancyMiddleware(tenancy));
 * @throws ConfigurationError when the tenancy is none
 */
export function tenancyErrors<T extends Tenant>(tenancy: Tenancy<T>): Middleware {
  checkTenancy(tenancy);
  return async function answerError(context, next) {
    try {
      await next();
    } catch (error) {
      const asked = new HttpRequest(context.req, context.originalUrl);
      const { status, headers, body, isFailure } = tenancy.errorResponse(error, asked);
      if (isFailure) tenancy.report(error);
      if (context.headerSent) {
        context.res.destroy(); // half an answer must not look like a whole one
        return;
      }
      context.status = status;
      context.set(headers);
      context.body = body;
    }
  };
}
