import { randomBytes, randomUUID } from "node:crypto";
import {
  createKeyRing,
  createTenancy,
  type KeyRing,
  memoryRegistry,
  type Placement,
  type Tenancy,
  type TenantRecord,
} from "@af-tenancy/core";
import type { MikroOrmDatabases } from "@af-tenancy/database";
import { type MysqlOptions, mysql } from "@af-tenancy/mysql";
import { tenantRecord } from "@af-tenancy/testing";
import { onTestFinished } from "vitest";
import { Author, Note } from "./entities.ts";
import { server } from "./server.ts";

/** Databases on the test server and the application that serves them; no tenants yet. */
export interface Site {
  readonly db: MikroOrmDatabases;
  readonly keys: KeyRing;
  readonly tenancy: Tenancy<TenantRecord>;
  /** Places a tenant of an id of its own; its database is dropped when the test is over. */
  place(slug: string, wish?: Partial<Placement>): TenantRecord & { readonly placement: Placement };
  /** Places a tenant, makes its database and its tables. */
  add(
    slug: string,
    wish?: Partial<Placement>,
  ): Promise<TenantRecord & { readonly placement: Placement }>;
}

/** Starts an application without tenants. */
export async function startSite(options: Partial<MysqlOptions> = {}): Promise<Site> {
  const db = mysql({
    connection: server,
    flavour: "mariadb",
    entities: [Note, Author],
    ...options,
  });
  const registry = memoryRegistry();
  const keys = createKeyRing({ current: randomBytes(32) });
  const tenancy = createTenancy<TenantRecord>({ registry, databases: db, keys });
  await tenancy.start();
  onTestFinished(() => tenancy.close());

  function place(slug: string, wish?: Partial<Placement>) {
    const id = randomUUID();
    const placement = db.place(id, 1, wish);
    onTestFinished(async () => {
      await db
        .manager(placement)
        .drop({ tenantId: id, placement })
        .catch(() => undefined);
    });
    return { ...tenantRecord({ id, slug }), placement };
  }

  return {
    ...{ db, keys, tenancy, place },
    async add(slug, wish) {
      const tenant = place(slug, wish);
      await db
        .manager(tenant.placement)
        .create({ tenantId: tenant.id, placement: tenant.placement });
      await db.migrate(tenant);
      await registry.transaction(({ tenants }) => tenants.insert(tenant, []));
      return tenant;
    },
  };
}

/** Starts an application with two tenants. */
export async function startFleet(options: Partial<MysqlOptions> = {}) {
  const site = await startSite(options);
  return { ...site, acme: await site.add("acme"), globex: await site.add("globex") };
}
