import { InvalidInputError, type Tenant } from "@af-tenancy/core";
import type { DoctorOptions } from "./doctor-options.ts";

/** Gives the tenants that a doctor was told of; throws `InvalidInputError` for what is none, such as a tenant's id. */
export async function* givenTenants(
  tenants: NonNullable<DoctorOptions["tenants"]>,
): AsyncGenerator<Tenant> {
  if (!isList(tenants)) refuse(kindOf(tenants));
  for await (const tenant of tenants) {
    if (!isTenant(tenant)) refuse(`a list with ${kindOf(tenant)}`);
    yield tenant;
  }
}

function refuse(found: string): never {
  const rule = "give records of tenants in a list, each with its id and placement; an id is none";
  throw new InvalidInputError("tenants", found, rule);
}

function isList(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Symbol.iterator in value || Symbol.asyncIterator in value;
}

function isTenant(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { id, placement } = value as Partial<Record<keyof Tenant, unknown>>;
  if (typeof id !== "string") return false;
  return placement === undefined || (typeof placement === "object" && placement !== null);
}

/** Not a text itself, which may be anybody's. */
function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? "a text" : `a ${typeof value}`;
}
