import { ConfigurationError, type TenantDatabases, type TenantSeeding } from "@af-tenancy/core";

/** Gives the seeders of the tenants' databases; throws `ConfigurationError` where there are none. */
export function requireSeeding({ seeding }: Pick<TenantDatabases, "seeding">): TenantSeeding {
  if (seeding !== undefined) return seeding;
  const remedy = "give the tenant databases seeders.";
  throw new ConfigurationError("databases.seeders", "missing", remedy);
}
