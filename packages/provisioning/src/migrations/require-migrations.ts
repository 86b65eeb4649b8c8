import { ConfigurationError, type TenantMigrations } from "@af-tenancy/core";
import type { Workplace } from "../workplace.ts";

/** Gives the migrations of the tenants' databases; throws `ConfigurationError` where there are none. */
export function requireMigrations({ databases }: Workplace): TenantMigrations {
  if (databases.migrations !== undefined) return databases.migrations;
  throw new ConfigurationError(
    "databases.migrations",
    "missing",
    "give the tenant databases migrations, or make schemas from entities alone.",
  );
}
