import type { Tenant, TenantLike, TenantReference } from "./contracts/tenant.ts";
import { ConfigurationError, InvalidTenantError } from "./errors/configuration-errors.ts";
import { referenceOf } from "./reference-of.ts";

/** Tells a tenant from a reference to one. */
export function isTenant<T extends Tenant>(tenant: TenantLike<T>): tenant is T {
  if (typeof tenant !== "object" || tenant === null) return false;
  return "id" in tenant && typeof tenant.id === "string" && tenant.id !== "";
}

/** Gives the reference that a text or an object is; throws `InvalidTenantError`. */
export function referenceTo(tenant: string | TenantReference): TenantReference {
  if (tenant === "") throw new InvalidTenantError('""');
  return referenceOf(tenant);
}

/** Throws `ConfigurationError` where a callback is none. */
export function checkCallback(method: string, fn: unknown): void {
  if (typeof fn !== "function") throw wrongType(`${method}(callback)`, fn, "pass a function.");
}

/** Makes the error of an argument of another type. */
export function wrongType(key: string, value: unknown, remedy: string): ConfigurationError {
  return new ConfigurationError(key, `of type ${typeof value}`, remedy);
}
