import type { TenantDatabase } from "@af-tenancy/core";
import type { ConnectionLease } from "../connection/connection-lease.ts";
import type { LeaseRequest } from "../connection/lease-request.ts";
import type { TenantHandle } from "../tenants/tenant-handle.ts";
import type { TenantSource } from "../tenants/tenant-source.ts";
import { observedLease } from "./observed-lease.ts";
import type { SeederWatch } from "./seeder-watch.ts";

/** The way into a tenant's database for one seeder: as background work, and watched. */
export class SeederSource implements TenantSource {
  readonly #handle: TenantHandle;
  readonly #watch: SeederWatch;

  constructor(handle: TenantHandle, watch: SeederWatch) {
    this.#handle = handle;
    this.#watch = watch;
  }

  get database(): TenantDatabase {
    return this.#handle.database;
  }

  get single(): boolean {
    return this.#handle.single;
  }

  async lease({ signal }: LeaseRequest): Promise<ConnectionLease> {
    const request = { lane: "bulk", ...(signal !== undefined && { signal }) } as const;
    return observedLease(await this.#handle.lease(request), this.#watch);
  }

  recheck(): void {
    this.#handle.recheck();
  }
}
