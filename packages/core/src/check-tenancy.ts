import { ConfigurationError } from "./errors/configuration-errors.ts";

/**
 * For adapters: throws `ConfigurationError` where something else was given in the tenancy's place, such as one not made
 * yet.
 */
export function checkTenancy(tenancy: { readonly handle?: unknown } | undefined): void {
  if (typeof tenancy?.handle === "function") return;
  throw new ConfigurationError("tenancy", "missing", "pass what createTenancy() gave.");
}
