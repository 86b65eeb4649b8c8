// Requests

// Health
export { liveness, readiness, tenantHealth } from "./health.ts";
export { centralOnly, tenantOnly } from "./route-guards.ts";
// Errors
export { tenancyErrors } from "./tenancy-errors.ts";
export { type TenancyMiddlewareOptions, tenancyMiddleware } from "./tenancy-middleware.ts";
