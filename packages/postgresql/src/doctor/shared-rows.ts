import type { DoctorCheck, RowTables, RunSql } from "@af-tenancy/database";
import type { SharedSchemaNames } from "../shared-schema.ts";

/** The tables that tenants of one server share; `undefined` where they share none. */
export interface SharedRows {
  /** Runs SQL as the configured user, in the configured database. */
  readonly run: RunSql;
  readonly rows: (SharedSchemaNames & { readonly tables: RowTables }) | undefined;
}

/** A check of what keeps rows apart; the application does not start while it finds something. */
export type SharedRowsCheck = DoctorCheck<SharedRows>;
