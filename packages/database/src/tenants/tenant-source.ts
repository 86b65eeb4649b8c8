import type { TenantDatabase } from "@af-tenancy/core";
import type { ConnectionSource } from "../connection/connection-source.ts";

/** Where leases of connections to one tenant's database come from. */
export interface TenantSource extends ConnectionSource {
  readonly database: TenantDatabase;
  /** There is never more than one connection, so that whoever holds it waits in vain for another. */
  readonly single: boolean;
}
