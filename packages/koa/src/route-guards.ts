import { checkTenancy, type RouteMode, type Tenancy, type Tenant } from "@af-tenancy/core";
import type { Middleware } from "koa";

/**
 * Answers 404 on central hosts: for routes that belong to tenants.
 *
 * @example router.get("/notes", tenantOnly(tenancy), listNotes);
 * @throws ConfigurationError when the tenancy is none
 */
export function tenantOnly<T extends Tenant>(tenancy: Tenancy<T>): Middleware {
  return guard(tenancy, "tenant");
}

/**
 * Answers 404 on tenants' hosts: for routes that belong to the central application.
 *
 * @example router.get("/admin", centralOnly(tenancy), listTenants);
 * @throws ConfigurationError when the tenancy is none
 */
export function centralOnly<T extends Tenant>(tenancy: Tenancy<T>): Middleware {
  return guard(tenancy, "central");
}

function guard<T extends Tenant>(tenancy: Tenancy<T>, side: RouteMode): Middleware {
  checkTenancy(tenancy);
  return function requireSide(_context, next) {
    tenancy.assertSide(side);
    return next();
  };
}
