import { randomUUID } from "node:crypto";
import { createTenancy, memoryRegistry, type Tenancy, type TenantRecord } from "@af-tenancy/core";
import type { MikroOrmDatabases } from "@af-tenancy/database";
import { type PostgresqlOptions, postgresql } from "@af-tenancy/postgresql";
import { type SharedTables, type SharedTablesManager, tenantRecord } from "@af-tenancy/testing";
import { raw } from "@mikro-orm/postgresql";
import { asAdmin, server, uniqueName } from "./server.ts";
import { sharedEntities } from "./shared-entities.ts";

/** An application whose tenants share tables, and what tests of it look at. */
export interface SharedSite extends SharedTables {
  readonly db: MikroOrmDatabases;
  readonly tenancy: Tenancy<TenantRecord>;
  readonly schema: string;
  readonly role: string;
  add(): Promise<TenantRecord>;
}

/** Starts it in a schema of its own, which goes with it. */
export async function startSharedTables(
  options: Partial<PostgresqlOptions> = {},
): Promise<SharedSite> {
  const schema = options.sharedSchema ?? uniqueName("shared");
  const role = options.sharedRole ?? uniqueName("rows");
  const entities = sharedEntities();
  const db = postgresql({
    connection: server,
    entities: Object.values(entities),
    strategies: ["row"],
    global: [entities.Country],
    ...{ sharedSchema: schema, sharedRole: role },
    ...options,
  });
  const registry = memoryRegistry();
  const tenancy = createTenancy<TenantRecord>({ registry, databases: db });
  await tenancy.start();

  return {
    ...{ db, tenancy, schema, role, entities },
    raw: (sql) => raw(sql) as unknown as string,
    async add() {
      const id = randomUUID();
      const placement = db.place(id, 1);
      const tenant = { ...tenantRecord({ id, slug: `t-${id}` }), placement };
      await db.manager(placement).create({ tenantId: id, placement });
      await db.migrate(tenant);
      await registry.transaction(({ tenants }) => tenants.insert(tenant, []));
      return tenant;
    },
    async drop({ id, placement }) {
      if (placement) await db.manager(placement).drop({ tenantId: id, placement });
    },
    run: (tenant, work) =>
      tenancy.run(tenant as TenantRecord, () => work(db.em() as unknown as SharedTablesManager)),
    admin: (sql) => asAdmin(`set search_path to "${schema}"; ${sql}`),
    async close() {
      await tenancy.close();
      await dropShared(schema, role);
    },
  };
}

/** Removes the schema and the role. */
async function dropShared(schema: string, role: string): Promise<void> {
  await asAdmin(
    `drop schema if exists "${schema}" cascade; drop owned by "${role}"; drop role "${role}"`,
  );
}
