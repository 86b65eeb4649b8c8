import {
  ConfigurationError,
  InvalidInputError,
  type Placement,
  type PlacementStrategy,
  UnknownDriverError,
} from "@af-tenancy/core";

/** Name of the driver, as placements carry it. */
export const driverName = "sqlite";

/** Letters, digits, underscores, dashes and single dots: no folder, no address, no hidden file. */
const fileName = /^(?=.{1,100}$)[A-Za-z0-9_](?:\.?[A-Za-z0-9_-])*$/;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Gives the name of a tenant's file when the tenant was not given one; a UUID loses its dashes. */
export function nameFor(tenantId: string, generation: number): string {
  const id = uuid.test(tenantId) ? tenantId.replaceAll("-", "") : tenantId;
  return `t_${id}_g${generation}`;
}

/** Throws when a placement cannot be one of this driver's: `UnknownDriverError` or `InvalidInputError`. */
export function checkPlacement(
  { driver, strategy, server, name }: Placement,
  expected: PlacementStrategy,
): void {
  if (driver !== driverName) throw new UnknownDriverError(driver);
  if (strategy !== expected) {
    throw new InvalidInputError("placement.strategy", strategy, `"${expected}" is meant here`);
  }
  if (server !== "default") {
    throw new InvalidInputError("placement.server", server, 'SQLite has "default" only');
  }
  if (!fileName.test(name)) {
    throw new InvalidInputError(
      "placement.name",
      name,
      "use at most 100 letters, digits, underscores, dashes and single dots; begin with none of the last two",
    );
  }
}

/** Gives the name back; throws `ConfigurationError` when no file can be called so. */
export function checkFileName(key: string, name: string): string {
  if (typeof name === "string" && fileName.test(name)) return name;
  throw new ConfigurationError(key, JSON.stringify(name), "give a name as tenants' files have.");
}
