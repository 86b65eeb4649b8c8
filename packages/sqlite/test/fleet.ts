import { join } from "node:path";
import {
  type CentralRegistry,
  createTenancy,
  type Tenancy,
  type TenancyBootstrapper,
  type TenantRecord,
} from "@af-tenancy/core";
import type { MikroOrmDatabases } from "@af-tenancy/database";
import { type SqliteOptions, sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { acme, globex } from "@af-tenancy/testing";
import { onTestFinished } from "vitest";
import { Author, Note } from "./entities.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Two tenants with a file each, and the application that serves them. */
export interface Fleet {
  readonly folder: string;
  readonly registryFile: string;
  readonly db: MikroOrmDatabases;
  readonly registry: CentralRegistry;
  readonly tenancy: Tenancy<TenantRecord>;
  readonly acme: TenantRecord;
  readonly globex: TenantRecord;
  /** Makes another tenant. */
  add(tenant: TenantRecord): Promise<TenantRecord>;
}

/** Makes the fleet in a folder that is removed when the test is over. */
export async function startFleet(
  options: Partial<SqliteOptions> & {
    readonly bootstrappers?: readonly TenancyBootstrapper[];
    readonly graceMs?: number;
    /** Made by the test, where something needs them before. */
    readonly databases?: MikroOrmDatabases;
  } = {},
): Promise<Fleet> {
  const { bootstrappers = [], databases, graceMs = 5_000, ...more } = options;
  const folder = options.folder ?? temporaryFolder();
  const db = databases ?? sqlite({ folder, entities: [Note, Author], ...more });
  const registryFile = join(temporaryFolder(), "registry.sqlite");
  const registry = sqliteRegistry({ file: registryFile });
  const tenancy = createTenancy<TenantRecord>({ registry, databases: db, bootstrappers, graceMs });
  await tenancy.start();
  onTestFinished(() => tenancy.close());

  async function add(record: TenantRecord): Promise<TenantRecord> {
    const placement = db.place(record.id, 1);
    const tenant = { ...record, placement };
    await db.manager(placement).create({ tenantId: tenant.id, placement });
    await db.migrate(tenant);
    await registry.transaction(({ tenants }) => tenants.insert(tenant, []));
    return tenant;
  }

  return {
    ...{ folder, registryFile, db, registry, tenancy, add },
    acme: await add(acme()),
    globex: await add(globex()),
  };
}
