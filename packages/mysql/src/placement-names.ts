import { createHash } from "node:crypto";
import {
  InvalidInputError,
  type Placement,
  type PlacementStrategy,
  UnknownDriverError,
} from "@af-tenancy/core";
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

/** Gives the name of the database in which tenants share tables, beside the application's own where that is known. */
export function sharedNameFor(application: string | undefined): string {
  const name = `${application}_shared`;
  return application !== undefined && isDatabaseName(name) ? name : "tenants_shared";
}

/** Tells whether a database can be called so. */
export function isDatabaseName(name: unknown): name is string {
  return typeof name === "string" && databaseName.test(name) && !reserved.includes(name);
}

/** Throws when a placement cannot be one of this driver's: `UnknownDriverError` or `InvalidInputError`. */
export function checkPlacement(
  { driver, strategy, name }: Placement,
  expected: PlacementStrategy,
): void {
  if (driver !== driverName) throw new UnknownDriverError(driver);
  if (strategy !== expected) {
    throw new InvalidInputError("placement.strategy", strategy, `"${expected}" is meant here`);
  }
  if (isDatabaseName(name)) return;
  const rule = reserved.includes(name)
    ? "the server keeps this name to itself"
    : "use at most 64 small letters, digits, underscores and dashes, and begin with no dash";
  throw new InvalidInputError("placement.name", String(name), rule);
}

/** Throws `InvalidInputError` when a tenant cannot be one of this driver's. */
export function checkTenant(tenantId: string, generation: number): void {
  if (/^[A-Za-z0-9_-]{1,64}$/.test(tenantId) && Number.isSafeInteger(generation)) return;
  const rule = "use at most 64 letters, digits, underscores and dashes, and a whole generation";
  throw new InvalidInputError("tenantId", String(tenantId), rule);
}

function shortened(tenantId: string): string {
  if (uuid.test(tenantId)) return tenantId.replaceAll("-", "");
  if (plainId.test(tenantId)) return tenantId;
  return `h-${createHash("sha256").update(tenantId).digest("hex").slice(0, 40)}`;
}
