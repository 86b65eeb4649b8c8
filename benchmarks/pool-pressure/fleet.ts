import { randomUUID } from "node:crypto";
import {
  createTenancy,
  memoryStore,
  type Placement,
  type Tenancy,
  type Tenant,
} from "@af-tenancy/core";
import type { MikroOrmDatabases } from "@af-tenancy/database";
import { postgresql } from "@af-tenancy/postgresql";
import { defineEntity, p } from "@mikro-orm/postgresql";
import { postgresqlServer } from "../servers.ts";

/** Tenants with a database each, and what serves them. */
export interface Fleet {
  readonly db: MikroOrmDatabases;
  readonly tenancy: Tenancy<Tenant>;
  readonly tenants: readonly (Tenant & { readonly placement: Placement })[];
  close(): Promise<void>;
}

/** Makes so many tenants behind so many connections. */
export async function makeFleet(
  count: number,
  maxConnections: number,
  port: number,
): Promise<Fleet> {
  const Note = defineEntity({
    name: "Note",
    properties: { id: p.integer().primary(), text: p.string() },
  });
  const connection = { ...postgresqlServer, host: "127.0.0.1", port };
  const db = postgresql({ connection, maxConnections, maxWait: 30_000, entities: [Note] });
  const tenants = Array.from({ length: count }, (_, number) => {
    const id = randomUUID();
    const placement = db.place(id, 1);
    return { id, slug: `tenant-${number}`, status: "active", version: 1, placement } as const;
  });
  const tenancy = createTenancy<Tenant>({ store: memoryStore(tenants), databases: db });
  await tenancy.start();
  for (const { id: tenantId, placement, ...tenant } of tenants) {
    await db.manager(placement).create({ tenantId, placement });
    await db.migrate({ id: tenantId, placement, ...tenant });
  }
  return {
    ...{ db, tenancy, tenants },
    async close() {
      // Each drop waits for the server's checkpoint, which several can share.
      await Promise.all(
        tenants.map(({ id: tenantId, placement }) =>
          db.manager(placement).drop({ tenantId, placement }),
        ),
      );
      await tenancy.close();
    },
  };
}
