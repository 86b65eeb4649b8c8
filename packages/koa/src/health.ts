import {
  type HealthAnswer,
  type HealthOptions,
  livenessAnswer,
  readinessCheck,
  type Tenancy,
  type Tenant,
  tenantHealthCheck,
} from "@af-tenancy/core";
import type { Middleware } from "koa";

/**
 * Answers 200 as long as the process lives. Mount it before the tenancy middleware.
 *
 * @example router.get("/live", liveness());
 */
export function liveness(): Middleware {
  return handlerOf(async () => livenessAnswer());
}

/**
 * Answers 200 where the tenancy is started and finds tenants, 503 otherwise. Mount it before the tenancy middleware.
 *
 * @example router.get("/ready", readiness(tenancy));
 * @throws ConfigurationError when an option is wrong or unknown
 */
export function readiness<T extends Tenant>(
  tenancy: Tenancy<T>,
  options?: HealthOptions,
): Middleware {
  return handlerOf(readinessCheck(tenancy, options));
}

/**
 * Answers for the tenant of the request: 200 where all checks are well, 503 otherwise.
 *
 * @example router.get("/health", tenantOnly(tenancy), tenantHealth(tenancy, { checks: { database } }));
 * @throws ConfigurationError when an option is wrong or unknown
 */
export function tenantHealth<T extends Tenant>(
  tenancy: Tenancy<T>,
  options?: HealthOptions,
): Middleware {
  return handlerOf(tenantHealthCheck(tenancy, options));
}

function handlerOf(check: () => Promise<HealthAnswer>): Middleware {
  return async function answerHealth(context) {
    const { status, headers, body } = await check();
    context.status = status;
    context.set(headers);
    context.body = body;
  };
}
