import { checkTenancy, type RouteMode, type Tenancy, type Tenant } from "@af-tenancy/core";
import type { onRequestHookHandler } from "fastify";

/**
 * Answers 404 on central hosts: for routes that belong to tenants.
 *
 * @example app.get("/notes", { onRequest: tenantOnly(tenancy) }, listNotes);
 * @throws ConfigurationError when the tenancy is none
 */
export function tenantOnly<T extends Tenant>(tenancy: Tenancy<T>): onRequestHookHandler {
  return guard(tenancy, "tenant");
}

/**
 * Answers 404 on tenants' hosts: for routes that belong to the central application.
 *
 * @example app.get("/admin", { onRequest: centralOnly(tenancy) }, listTenants);
 * @throws ConfigurationError when the tenancy is none
 */
export function centralOnly<T extends Tenant>(tenancy: Tenancy<T>): onRequestHookHandler {
  return guard(tenancy, "central");
}

function guard<T extends Tenant>(tenancy: Tenancy<T>, side: RouteMode): onRequestHookHandler {
  checkTenancy(tenancy);
  return function requireSide(_request, _reply, done) {
    tenancy.assertSide(side);
    done();
  };
}
