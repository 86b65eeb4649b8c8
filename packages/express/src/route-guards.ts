import type { Tenancy, Tenant } from "@af-tenancy/core";
import type { RequestHandler } from "express";

/**
 * Answers 404 on central hosts: for routes that belong to tenants.
 *
 * @example app.use("/notes", tenantOnly(tenancy), notes);
 */
export function tenantOnly<T extends Tenant>(tenancy: Tenancy<T>): RequestHandler {
  return function requireTenant(_request, _response, next) {
    tenancy.assertSide("tenant");
    next();
  };
}

/**
 * Answers 404 on tenants' hosts: for routes that belong to the central application.
 *
 * @example app.use("/admin", centralOnly(tenancy), admin);
 */
export function centralOnly<T extends Tenant>(tenancy: Tenancy<T>): RequestHandler {
  return function requireCentral(_request, _response, next) {
    tenancy.assertSide("central");
    next();
  };
}
