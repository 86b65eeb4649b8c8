// Requests

// Health
export { type HealthHandler, liveness, readiness, tenantHealth } from "./health.ts";
export { rewriteTenantUrl } from "./rewrite-tenant-url.ts";
export { centralOnly, tenantOnly } from "./route-guards.ts";
// Errors
export { tenancyErrors } from "./tenancy-errors.ts";
export { type TenancyPluginOptions, tenancyPlugin } from "./tenancy-plugin.ts";
