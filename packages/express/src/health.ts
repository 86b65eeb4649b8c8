import {
  type HealthAnswer,
  type HealthOptions,
  livenessAnswer,
  readinessCheck,
  type Tenancy,
  type Tenant,
  tenantHealthCheck,
} from "@af-tenancy/core";
import type { RequestHandler } from "express";

/**
 * Answers 200 as long as the process lives. Mount it before the tenancy middleware.
 *
 * @example app.get("/live", liveness());
 */
export function liveness(): RequestHandler {
  return handlerOf(async () => livenessAnswer());
}

/**
 * Answers 200 where the tenancy is started and finds tenants, 503 otherwise. Mount it before the tenancy middleware.
 *
 * @example app.get("/ready", readiness(tenancy));
 * @throws ConfigurationError when an option is wrong or unknown
 */
export function readiness<T extends Tenant>(
  tenancy: Tenancy<T>,
  options?: HealthOptions,
): RequestHandler {
  return handlerOf(readinessCheck(tenancy, options));
}

/**
 * Answers for the tenant of the request: 200 where all checks are well, 503 otherwise.
 *
 * @example app.get("/health", tenantOnly(tenancy), tenantHealth(tenancy, { checks: { database } }));
 * @throws ConfigurationError when an option is wrong or unknown
 */
export function tenantHealth<T extends Tenant>(
  tenancy: Tenancy<T>,
  options?: HealthOptions,
): RequestHandler {
  return handlerOf(tenantHealthCheck(tenancy, options));
}

function handlerOf(check: () => Promise<HealthAnswer>): RequestHandler {
  return function answerHealth(_request, response, next) {
    check().then(({ status, headers, body }) => {
      response.status(status).set(headers).json(body);
    }, next);
  };
}
