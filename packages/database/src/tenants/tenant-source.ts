import type { TenantDatabase } from "@af-tenancy/core";
import type { ConnectionSource } from "../connection/connection-source.ts";

/** Where leases of connections to one tenant's database come from. */
export interface TenantSource extends ConnectionSource {
  readonly database: TenantDatabase;
}
