import { checkTenancy, HttpRequest, type Tenancy, type Tenant } from "@af-tenancy/core";
import type { FastifyReply, FastifyRequest } from "fastify";

/**
 * Answers errors as `{ "error": { "code", "message" } }` with their status, and refusals as the option `admission`
 * says. What the client must not see (every 5xx that no tenancy error explains) goes to the tenancy's `failure` event.
 *
 * @example app.setErrorHandler(tenancyErrors(tenancy));
 * @throws ConfigurationError when the tenancy is none
 */
export function tenancyErrors<T extends Tenant>(
  tenancy: Tenancy<T>,
): (error: unknown, request: FastifyRequest, reply: FastifyReply) => void {
  checkTenancy(tenancy);
  return function answerError(error, request, reply) {
    const asked = new HttpRequest(request.raw, request.originalUrl);
    const { status, headers, body, isFailure } = tenancy.errorResponse(error, asked);
    if (isFailure) tenancy.report(error);
    reply.code(status).headers(headers).send(body);
  };
}
