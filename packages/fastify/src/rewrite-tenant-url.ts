import { adapterSettings, HttpRequest, type Tenancy, type Tenant } from "@af-tenancy/core";
import type { RawRequestDefaultExpression } from "fastify";
import type { TenancyPluginOptions } from "./tenancy-plugin.ts";

/**
 * Has routes see the path without what named the tenant in it: Fastify looks for a route before the plugin hears of a
 * request. Give it the plugin's `routes` and `resolve` where those are given. Of what a resolver has to wait for, such as
 * the claim of a token, nothing is known yet: put the path before it.
 *
 * @example const app = Fastify({ rewriteUrl: rewriteTenantUrl(tenancy) });
 * @throws ConfigurationError when the tenancy is none, an option cannot be right, or one is unknown
 */
export function rewriteTenantUrl<T extends Tenant>(
  tenancy: Tenancy<T>,
  options: Pick<TenancyPluginOptions, "routes" | "resolve"> = {},
): (request: RawRequestDefaultExpression) => string {
  const { choiceOf } = adapterSettings("rewriteTenantUrl", tenancy, options);
  return function withoutTenant(raw) {
    const request = new HttpRequest(raw, raw.url ?? "/");
    return tenancy.targetOf(request, choiceOf(request).resolver);
  };
}
