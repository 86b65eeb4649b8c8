import { ConfigurationError, type SeedingDatabases, type TenantSeeding } from "@af-tenancy/core";
import type { TenantDriver } from "../tenants/tenant-driver.ts";
import type { DriverEntities } from "../tenants/tenant-entities.ts";
import { DriverSeeding, type SeedingParts } from "./driver-seeding.ts";
import type { Seeders } from "./seeder.ts";
import { SeederSet } from "./seeder-set.ts";

/** What an application says of its seeders: an object, or what makes one of the entities. */
export type SeedersOption<Entities> = Seeders | ((entities: Entities) => Seeders);

/**
 * Makes the seeding that an application's seeders do; `undefined` where it has none. Throws `ConfigurationError`, also
 * where the driver takes none.
 */
export function seedingOf(
  driver: Pick<TenantDriver, "seeders" | "manager">,
  option: SeedersOption<never> | undefined,
  entities: DriverEntities,
  parts: Omit<SeedingParts, "dialect">,
): DriverSeeding | undefined {
  if (option === undefined) return undefined;
  const { seeders: dialect } = driver;
  if (dialect === undefined) {
    const remedy = `leave it out: ${driver.manager.driver} takes no seeders.`;
    throw new ConfigurationError("seeders", "not known", remedy);
  }
  const seeders = typeof option === "function" ? option(entities.given as never) : option;
  return new DriverSeeding(new SeederSet(seeders), { ...parts, dialect });
}

/** Gives the seeders of databases; throws `ConfigurationError` where there are none. */
export function seedersOf({ seeding }: SeedingDatabases): TenantSeeding {
  if (seeding !== undefined) return seeding;
  throw new ConfigurationError("seeders", "missing", "give the tenant databases seeders.");
}
