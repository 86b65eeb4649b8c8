import { checkTenancy, type Tenancy, type Tenant } from "@af-tenancy/core";
import type { RequestHandler } from "express";

/**
 * Answers 404 on central hosts: for routes that belong to tenants.
 *
 * @example app.use("/notes", tenantOnly(tenancy), notes);
 * @throws ConfigurationError when the tenancy is none
 */
export function tenantOnly<T extends Tenant>(tenancy: Tenancy<T>): RequestHandler {
  checkTenancy(tenancy);
  return function requireTenant(_request, _response, next) {
    tenancy.assertSide("tenant");
    next();
  };
}

/**
 * Answers 404 on tenants' hosts: for routes that belong to the central application.
 *
 * @example app.use("/admin", centralOnly(tenancy), admin);
 * @throws ConfigurationError when the tenancy is none
 */
export function centralOnly<T extends Tenant>(tenancy: Tenancy<T>): RequestHandler {
  checkTenancy(tenancy);
  return function requireCentral(_request, _response, next) {
    tenancy.assertSide("central");
    next();
  };
}
