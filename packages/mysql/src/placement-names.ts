import { createHash } from "node:crypto";
import { InvalidInputError, type Placement, UnknownDriverError } from "@af-tenancy/core";
import { driverName } from "./driver-name.ts";

/** Small letters only, because servers differ in whether they tell large ones apart. */
const databaseName = /^[a-z0-9_][a-z0-9_-]{0,63}$/;
const plainId = /^(?!h-)[a-z0-9_-]{1,48}$/;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const reserved: readonly string[] = ["mysql", "information_schema", "performance_schema", "sys"];

/**
 * Gives the name of a tenant's database when the tenant was not given one. A UUID loses its dashes; an id that is long
 * or has large letters gives way to its hash.
 */
export function nameFor(tenantId: string, generation: number): string {
  return `t_${shortened(tenantId)}_g${generation}`;
}

/** Throws when a placement cannot be one of this driver's: `UnknownDriverError` or `InvalidInputError`. */
export function checkPlacement(
  tenantId: string,
  { driver, strategy, name, generation }: Placement,
): void {
  if (driver !== driverName) throw new UnknownDriverError(driver);
  if (strategy !== "database") {
    throw new InvalidInputError("placement.strategy", strategy, 'MySQL knows "database" only');
  }
  if (typeof name !== "string" || !databaseName.test(name)) {
    throw new InvalidInputError(
      "placement.name",
      String(name),
      "use at most 64 small letters, digits, underscores and dashes, and begin with no dash",
    );
  }
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(tenantId) || !Number.isSafeInteger(generation)) {
    const rule = "use at most 64 letters, digits, underscores and dashes, and a whole generation";
    throw new InvalidInputError("tenantId", String(tenantId), rule);
  }
  if (reserved.includes(name)) {
    throw new InvalidInputError("placement.name", name, "the server keeps this name to itself");
  }
}

function shortened(tenantId: string): string {
  if (uuid.test(tenantId)) return tenantId.replaceAll("-", "");
  if (plainId.test(tenantId)) return tenantId;
  return `h-${createHash("sha256").update(tenantId).digest("hex").slice(0, 40)}`;
}
