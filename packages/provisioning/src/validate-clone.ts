import type { ClonedTenant, NewTenant } from "@af-tenancy/core";
import { ownFields } from "./own-fields.ts";
import { validateNewTenant } from "./validate-new-tenant.ts";

/** Gives a frozen copy of what a clone is to be made from; throws `InvalidInputError`. */
export function validateClone(input: unknown): NewTenant & ClonedTenant {
  const { placement, ...fields } = ownFields("tenant", input, known);
  if (placement !== undefined) ownFields("placement", placement, ["server", "name", "secret"]);
  return validateNewTenant({ ...fields, placement }) as NewTenant & ClonedTenant;
}

const known = [
  ...(["slug", "id", "name", "domains", "plan", "metadata", "homepage"] as const),
  ...(["placement", "idempotencyKey"] as const),
] as const;
