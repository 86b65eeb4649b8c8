import { randomUUID } from "node:crypto";
import {
  createTenancy,
  memoryRegistry,
  type Placement,
  type Tenancy,
  type TenantRecord,
} from "@af-tenancy/core";
import type { MikroOrmDatabases } from "@af-tenancy/database";
import { type PostgresqlOptions, postgresql } from "@af-tenancy/postgresql";
import { acme, globex } from "@af-tenancy/testing";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";
import { Author, Note } from "./entities.ts";
import { keys } from "./managers.ts";
import { server } from "./server.ts";

/** Two tenants and the application that serves them. */
export interface Fleet {
  readonly db: MikroOrmDatabases;
  readonly tenancy: Tenancy<TenantRecord>;
  readonly acme: TenantRecord;
  readonly globex: TenantRecord;
  /** Makes another tenant. */
  add(tenant: TenantRecord, wish?: Partial<Placement>): Promise<TenantRecord>;
}

/** Says what is done when it is over. */
export type Over = (work: () => Promise<void>) => void;

/** Makes the fleet on the tests' server; its tenants are dropped when it is over: the test, unless told otherwise. */
export async function startFleet(
  options: Partial<PostgresqlOptions> = {},
  over: Over = (work) => onTestFinished(work, 60_000),
): Promise<Fleet> {
  const db = postgresql({ connection: server, entities: [Note, Author], ...options });
  const registry = memoryRegistry();
  const tenancy = createTenancy<TenantRecord>({ registry, databases: db, keys });
  await tenancy.start();
  over(() => tenancy.close());

  async function add(record: TenantRecord, wish?: Partial<Placement>): Promise<TenantRecord> {
    const id = randomUUID();
    const placement = db.place(id, 1, wish);
    const tenant = { ...record, id, placement };
    const database = { tenantId: id, placement };
    await db.manager(placement).create(database);
    over(() => db.manager(placement).drop(database));
    await db.migrate(tenant);
    await registry.transaction(({ tenants }) => tenants.insert(tenant, []));
    return tenant;
  }

  return { db, tenancy, add, acme: await add(acme()), globex: await add(globex()) };
}

/** Starts another application for tenants that are there already; it is closed when the test is over. */
export async function startWith(
  tenants: readonly TenantRecord[],
  options: Partial<PostgresqlOptions> = {},
): Promise<Pick<Fleet, "db" | "tenancy">> {
  const db = postgresql({ connection: server, entities: [Note, Author], ...options });
  const registry = memoryRegistry();
  const tenancy = createTenancy<TenantRecord>({ registry, databases: db, keys });
  await tenancy.start();
  onTestFinished(() => tenancy.close(), 60_000);
  await registry.transaction(async (transaction) => {
    for (const tenant of tenants) await transaction.tenants.insert(tenant, []);
  });
  return { db, tenancy };
}

/** Makes the fleet before the tests around it, which share it; gives who reads it. */
export function sharedFleet<F extends Fleet>(start: (over: Over) => Promise<F>): () => F {
  const ends: (() => Promise<void>)[] = [];
  let fleet: F | undefined;
  beforeAll(async () => {
    fleet = await start((end) => void ends.push(end));
  }, 60_000);
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  }, 60_000);
  return () => fleet ?? expect.unreachable();
}
