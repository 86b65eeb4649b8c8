import type {
  MigratedTenant,
  SchemaCount,
  SchemaSummary,
  TenantMigrations,
  TenantSchema,
  TenantStatus,
} from "@af-tenancy/core";
import type { Workplace } from "../workplace.ts";
import { requireMigrations } from "./require-migrations.ts";

/** Who is migrated unless others are named: everybody who is served or could be again by a single call. */
export const migratedStatuses: readonly TenantStatus[] = [
  "active",
  "inactive",
  "suspended",
  "blocked",
  "archived",
];

/** Tells from the registry alone how many tenants are behind: one query, however many there are. */
export async function schemaSummary(
  workplace: Workplace,
  statuses = migratedStatuses,
): Promise<SchemaSummary> {
  const migrations = requireMigrations(workplace);
  const schemas = await workplace.registry.transaction(({ schemas: records }) =>
    records.count(statuses),
  );
  const behind = sum(schemas.filter((schema) => isSchemaBehind(migrations, schema)));
  return { upToDate: sum(schemas) - behind, behind, schemas };
}

/** Tells whether tenants whose schema is so far lack something. */
export function isSchemaBehind(
  migrations: TenantMigrations,
  { driver, strategy, version }: TenantSchema,
): boolean {
  const tenant: MigratedTenant = {
    ...{ id: "", slug: "", status: "active", version: 0, schemaVersion: version },
    placement: { driver, strategy, server: "default", name: "", generation: 0, secret: undefined },
  };
  return migrations.isBehind(tenant);
}

function sum(schemas: readonly SchemaCount[]): number {
  return schemas.reduce((total, { tenants }) => total + tenants, 0);
}
