import type { NewTenant } from "@af-tenancy/core";
import { refuse } from "./refuse.ts";
import { validateNewTenant } from "./validate-new-tenant.ts";

/** Gives a frozen copy of what a tenant with a database is to be made from; throws `InvalidInputError`. */
export function validateAdoption(input: unknown): NewTenant {
  const tenant = validateNewTenant(input);
  if (tenant.placement?.name === undefined) {
    refuse("placement.name", undefined, "name the database, schema or file that is there already");
  }
  return tenant;
}
