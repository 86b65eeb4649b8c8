import type { TenantDatabase } from "@af-tenancy/core";
import type { ConnectionLease } from "../connection/connection-lease.ts";
import type { SchemaTemplate } from "./schema-template.ts";

/** What makes the tables of tenants' databases: their entities alone, or migrations. */
export interface TenantTables extends SchemaTemplate {
  /** Makes what a database lacks; may be run again after a crash. */
  create(lease: ConnectionLease, database: TenantDatabase): Promise<void>;
  /** Throws `SchemaOutdatedError` when it lacks something. */
  check(lease: ConnectionLease, database: TenantDatabase): Promise<void>;
}
