import type { Tenant } from "@af-tenancy/core";

/** What a doctor is told before it looks. */
export interface DoctorOptions {
  /** Records of tenants whose databases are looked at one by one; the first 50 of the registry when absent. */
  readonly tenants?: Iterable<Tenant> | AsyncIterable<Tenant>;
  /** How many processes of the application share the servers; 1 when absent. */
  readonly processes?: number;
  /** How many bytes a process of a PostgreSQL server may come to take for tenants' schemas; 256 MiB when absent. */
  readonly maxBackendMemory?: number;
}
