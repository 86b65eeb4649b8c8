import {
  type HealthAnswer,
  type HealthOptions,
  livenessAnswer,
  readinessCheck,
  type Tenancy,
  type Tenant,
  tenantHealthCheck,
} from "@af-tenancy/core";
import type { FastifyReply, FastifyRequest } from "fastify";

/** A handler of a route of any instance. */
export type HealthHandler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/**
 * Answers 200 as long as the process lives. Declare it outside of the plugin that has the tenancy.
 *
 * @example app.get("/live", liveness());
 */
export function liveness(): HealthHandler {
  return handlerOf(async () => livenessAnswer());
}

/**
 * Answers 200 where the tenancy is started and finds tenants, 503 otherwise. Declare it outside of the plugin that has the tenancy.
 *
 * @example app.get("/ready", readiness(tenancy));
 * @throws ConfigurationError when an option is wrong or unknown
 */
export function readiness<T extends Tenant>(
  tenancy: Tenancy<T>,
  options?: HealthOptions,
): HealthHandler {
  return handlerOf(readinessCheck(tenancy, options));
}

/**
 * Answers for the tenant of the request: 200 where all checks are well, 503 otherwise.
 *
 * @example app.get("/health", { onRequest: tenantOnly(tenancy) }, tenantHealth(tenancy, { checks: { database } }));
 * @throws ConfigurationError when an option is wrong or unknown
 */
export function tenantHealth<T extends Tenant>(
  tenancy: Tenancy<T>,
  options?: HealthOptions,
): HealthHandler {
  return handlerOf(tenantHealthCheck(tenancy, options));
}

function handlerOf(check: () => Promise<HealthAnswer>): HealthHandler {
  return async function answerHealth(_request, reply) {
    const { status, headers, body } = await check();
    return reply.code(status).headers(headers).send(body);
  };
}
