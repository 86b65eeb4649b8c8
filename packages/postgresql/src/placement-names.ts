import { createHash } from "node:crypto";
import { InvalidInputError, type Placement, UnknownDriverError } from "@af-tenancy/core";

/** Name of the driver, as placements carry it. */
export const driverName = "postgresql";

/** PostgreSQL cuts longer names off without a word. */
const maxBytes = 63;

/** Letters, digits, underscores and dashes: each one byte, none with a meaning to SQL, patterns or a shell. */
const physicalName = /^[A-Za-z0-9_][A-Za-z0-9_-]*$/;
const reserved = /^(?:postgres|template[01]|information_schema|public|pg_.*)$/i;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Gives the name of a tenant's database when it was not given one; an id that is too long is told by its hash. */
export function nameFor(tenantId: string, generation: number): string {
  const id = uuid.test(tenantId) ? tenantId.replaceAll("-", "") : tenantId;
  const name = `t_${id}_g${generation}`;
  return name.length <= maxBytes ? name : `t_${hashOf(tenantId)}_g${generation}`;
}

/** Throws `InvalidInputError` when a name cannot be one of a tenant's. */
export function checkName(field: string, name: unknown): asserts name is string {
  const flaw = flawOf(name);
  if (flaw !== undefined) throw new InvalidInputError(field, String(name), flaw);
}

/** Says why nothing of tenants can be called so; `undefined` when it can. */
export function flawOf(name: unknown): string | undefined {
  if (typeof name !== "string" || !physicalName.test(name) || name.length > maxBytes) {
    return `use at most ${maxBytes} letters, digits, underscores and dashes, and begin with none of the last`;
  }
  return reserved.test(name) ? "PostgreSQL keeps this name for itself" : undefined;
}

/** Throws when a placement cannot be one of this driver's: `UnknownDriverError` or `InvalidInputError`. */
export function checkPlacement({ driver, name }: Placement): void {
  if (driver !== driverName) throw new UnknownDriverError(driver);
  checkName("placement.name", name);
}

/** What the names of databases begin with that are still being made for a name; no tenant's can begin so. */
export function draftPrefix(name: string): string {
  return `~${hashOf(name)}_`;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 40);
}
