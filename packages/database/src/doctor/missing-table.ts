import type { TenantDatabase } from "@af-tenancy/core";
import { subjectOf } from "./database-checks.ts";
import type { DoctorCheck } from "./doctor-check.ts";

/** What this check has to know of the databases on one server. */
export interface TablesPatient {
  /** Tenants' databases and schemas that are there and theirs. */
  readonly databases: readonly TenantDatabase[];
  /** Names the tables that one is to have and has not. */
  ownTablesIn(database: TenantDatabase): Promise<{ readonly missing: readonly string[] }>;
}

/** A table of a tenant's own cache or sessions was dropped, or never made. */
export const missingTable: DoctorCheck<TablesPatient> = {
  id: "doctor/missing-table",
  severity: "error",
  remedy:
    'Migrate the tenant; if it has had the migration, run the SQL that makes the table, as `migrations.run(tenant, { direction: "fresh", dryRun: true })` gives it.',

  async look({ databases, ownTablesIn }) {
    const symptoms = [];
    for (const database of databases) {
      for (const table of (await ownTablesIn(database)).missing) {
        const message = `Tenant "${database.tenantId}" has no table "${table}", which a migration makes.`;
        symptoms.push({ subject: subjectOf(database), message });
      }
    }
    return symptoms;
  },
};
