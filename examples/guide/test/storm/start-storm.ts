import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createKeyRing,
  createTenancy,
  memoryStore,
  type Placement,
  type TenantRecord,
} from "@af-tenancy/core";
import { tenantDatabases } from "@af-tenancy/database";
import { mysql } from "@af-tenancy/mysql";
import { postgresql } from "@af-tenancy/postgresql";
import { subdomainResolver } from "@af-tenancy/resolvers";
import { sqlite } from "@af-tenancy/sqlite";
import { tenantRecord } from "@af-tenancy/testing";
import { fleetEntities as entities } from "../../src/fleet-entities.ts";
import { mysqlServer, postgresqlServer } from "../fleet-servers.ts";

/** Every tenant has notes with the same keys. */
export const notesEach = 10;

/** What the note of a tenant begins with, whoever wrote it last. */
export function canary(slug: string, id: number): string {
  return `CANARY ${slug} ${id};`;
}

/** A started tenancy of two tenants on each database, which are warm; `stop` removes them. */
export async function startStorm() {
  const folder = await mkdtemp(join(tmpdir(), "storm-"));
  const db = tenantDatabases([
    sqlite({ folder, entities }),
    postgresql({ connection: postgresqlServer, entities }),
    mysql({ connection: mysqlServer, flavour: "mariadb", entities }),
  ]);
  const wishes: readonly Partial<Placement>[] = [
    { driver: "sqlite" },
    { driver: "postgresql", strategy: "database" },
    { driver: "mysql" },
  ];
  const tenants = wishes.flatMap((wish) =>
    ["one", "two"].map((name): TenantRecord => {
      const id = `storm_${randomBytes(6).toString("hex")}`;
      const placement = db.place(id, 1, wish);
      return { ...tenantRecord({ id, slug: `${wish.driver}-${name}` }), placement };
    }),
  );
  const tenancy = createTenancy<TenantRecord>({
    store: memoryStore(tenants),
    databases: db,
    resolve: subdomainResolver({ domain: "example.com" }),
    central: ["example.com"],
    keys: createKeyRing({ current: randomBytes(32) }),
  });
  await tenancy.start();
  for (const tenant of tenants) {
    const { placement, slug } = tenant;
    if (placement) await db.manager(placement).create({ tenantId: tenant.id, placement });
    await db.migrate(tenant);
    await tenancy.run(tenant, async () => {
      const { Note } = db.entities();
      for (let id = 1; id <= notesEach; id++) {
        await db.em().insert(Note, { id, text: canary(slug, id) });
      }
    });
  }
  async function stop() {
    for (const { id: tenantId, placement } of tenants) {
      if (placement) await db.manager(placement).drop({ tenantId, placement });
    }
    await tenancy.close();
    await rm(folder, { recursive: true });
  }
  return { db, tenancy, tenants, stop };
}

export type Storm = Awaited<ReturnType<typeof startStorm>>;
