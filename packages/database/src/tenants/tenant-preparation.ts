import { outsideTenancy, type TenantDatabase } from "@af-tenancy/core";
import type { ConnectionLease } from "../connection/connection-lease.ts";
import type { FleetStrategies } from "./fleet-strategies.ts";
import type { TenantHandles } from "./tenant-handles.ts";
import type { TenantSchema } from "./tenant-schema.ts";
import { writeCanary } from "./write-canary.ts";

/** Makes databases ready for the application, and proves that they are; works outside any tenant. */
export class TenantPreparation {
  readonly #handles: TenantHandles;
  readonly #schema: TenantSchema;
  readonly #strategies: FleetStrategies;

  constructor(handles: TenantHandles, schema: TenantSchema, strategies: FleetStrategies) {
    this.#handles = handles;
    this.#strategies = strategies;
    this.#schema = schema;
  }

  /** Makes the tables; may be run again after a crash. */
  async migrate(database: TenantDatabase): Promise<void> {
    const { strategy, name } = database.placement;
    // Whoever makes the tables, the owner is checked first.
    await this.#use(database, async (lease) => {
      if (strategy !== "row") await this.#schema.create(lease, name);
    });
    if (strategy !== "row") return;
    await outsideTenancy(() => this.#strategies.migrateShared(database, this.#schema));
  }

  /** Opens the database anew and proves its marker, its tables and a write that is taken back. */
  async verify(database: TenantDatabase): Promise<void> {
    await this.#reopen(database);
    await this.#use(database, async (lease) => {
      await this.#schema.check(lease, database.placement.name);
      await writeCanary(lease, database);
    });
  }

  /** Opens the database as a scope would, but outside of any. */
  async #use(
    database: TenantDatabase,
    work: (lease: ConnectionLease) => Promise<void>,
  ): Promise<void> {
    const handle = this.#handles.retain(database);
    try {
      await outsideTenancy(async () => {
        const lease = await handle.leaseInBulk();
        try {
          await work(lease);
        } finally {
          await lease.release();
        }
      });
    } finally {
      this.#handles.release(handle);
    }
  }

  /** Has the next lease open the database and check its marker again. */
  async #reopen(database: TenantDatabase): Promise<void> {
    const handle = this.#handles.retain(database);
    try {
      await handle.whileClosed(() => undefined);
    } finally {
      this.#handles.release(handle);
    }
  }
}
