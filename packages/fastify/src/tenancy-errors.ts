import { checkTenancy, errorResponse, type Tenancy, type Tenant } from "@af-tenancy/core";
import type { FastifyReply, FastifyRequest } from "fastify";

/**
 * Answers errors as `{ "error": { "code", "message" } }` with their status. What the client must not see (every 5xx
 * that no tenancy error explains) goes to the tenancy's `failure` event.
 *
 * @example app.setErrorHandler(tenancyErrors(tenancy));
 * @throws ConfigurationError when the tenancy is none
 */
export function tenancyErrors<T extends Tenant>(
  tenancy: Tenancy<T>,
): (error: unknown, request: FastifyRequest, reply: FastifyReply) => void {
  checkTenancy(tenancy);
  return function answerError(error, _request, reply) {
    const { status, headers, body } = errorResponse(error);
    if (status >= 500) tenancy.report(error);
    reply.code(status).headers(headers).send(body);
  };
}
