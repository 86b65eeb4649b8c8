import type { Tenancy, TenancyOptions } from "@af-tenancy/core";

/**
 * Composes a tenancy for a command and opens nothing. Its consumers are left to the application's own processes: a command
 * that ends in a moment is no place for them. Throws `ConfigurationError`.
 */
export async function composeApplication(given: TenancyOptions): Promise<Tenancy> {
  const { createTenancy } = await import("@af-tenancy/core");
  const { consumers: _left, ...options } = given;
  return createTenancy({ ...options, graceMs });
}

/** Nobody is served here: a command that was stopped is told so after a moment, and goes on another time. */
const graceMs = 500;
