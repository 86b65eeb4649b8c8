import {
  type Origin,
  outsideTenancy,
  type SeederDone,
  SeederFailedError,
  type SeederStatus,
  SeedingLockedError,
  type SeedingRun,
  type SeedRequest,
  type TenancyHost,
  type Tenant,
  type TenantDatabase,
  type TenantSeeding,
} from "@af-tenancy/core";
import { TENANT_EM } from "../tenants/current-database.ts";
import type { TenantEntityManager } from "../tenants/tenant-entity-manager.ts";
import type { TenantHandles } from "../tenants/tenant-handles.ts";
import type { TenantPreparation } from "../tenants/tenant-preparation.ts";
import { writeRefusal } from "../tenants/write-refusal.ts";
import { checkSeedRequest } from "./check-seed-request.ts";
import type { SeederDialect } from "./seeder-dialect.ts";
import { SeederRecords } from "./seeder-records.ts";
import { SeederRun } from "./seeder-run.ts";
import type { SeederSet } from "./seeder-set.ts";
import { SeederSource } from "./seeder-source.ts";
import { SeederWatch } from "./seeder-watch.ts";

/** What the seeding of one driver's tenants works with. */
export interface SeedingParts {
  readonly databaseOf: (tenant: Tenant) => TenantDatabase;
  readonly preparation: Pick<TenantPreparation, "work">;
  readonly handles: TenantHandles;
  readonly host: () => TenancyHost;
  readonly dialect: SeederDialect;
  /** SQL for the tables of a connection's database. */
  readonly listTables: string;
}

/** The seeders of one driver's tenants. */
export class DriverSeeding implements TenantSeeding {
  readonly #set: SeederSet;
  readonly #parts: SeedingParts;

  constructor(set: SeederSet, parts: SeedingParts) {
    this.#set = set;
    this.#parts = parts;
  }

  get names(): readonly string[] {
    return this.#set.names;
  }

  async status(tenant: Tenant): Promise<readonly SeederStatus[]> {
    const database = this.#parts.databaseOf(tenant);
    const records = this.#recordsOf(database);
    const known = await this.#parts.preparation.work(database, (lease) => records.readFrom(lease));
    return this.names.map((name) => {
      const record = known.get(name);
      return Object.freeze({ name, at: record?.finishedAt, rows: record?.inserted ?? 0 });
    });
  }

  async run(tenant: Tenant, request: SeedRequest = {}): Promise<SeedingRun> {
    checkSeedRequest(request);
    const names = this.#set.choose(request.seeders);
    const { databaseOf, preparation, host } = this.#parts;
    const database = databaseOf(tenant);
    const refuse = writeRefusal(tenant);
    if (refuse !== undefined) throw refuse();
    const { origin } = host();
    request.signal?.throwIfAborted();
    const records = this.#recordsOf(database);
    if (names.length > 0)
      await preparation.work(database, (lease) => records.prepare(lease, names));
    const seeders: SeederDone[] = [];
    for (const name of names) {
      request.signal?.throwIfAborted();
      seeders.push(await this.#try({ tenant, database, records, request, origin }, name, seeders));
    }
    return Object.freeze({ seeders: Object.freeze(seeders) });
  }

  #recordsOf(database: TenantDatabase): SeederRecords {
    return new SeederRecords(database, this.#parts.dialect, this.#parts.listTables);
  }

  async #try(seeding: Seeding, name: string, done: readonly SeederDone[]): Promise<SeederDone> {
    try {
      return await this.#runOne(seeding, name);
    } catch (error) {
      seeding.request.signal?.throwIfAborted();
      if (error instanceof SeedingLockedError) throw error;
      throw new SeederFailedError(seeding.tenant.id, name, [...done], { cause: error });
    }
  }

  /** In a scope of its own, whoever asked: what the tenant's entity manager does there goes the seeder's way. */
  async #runOne(
    { tenant, database, records, request, origin }: Seeding,
    name: string,
  ): Promise<SeederDone> {
    const { handles, dialect, host: hostOf } = this.#parts;
    const host = hostOf();
    const seeder = this.#set.get(name);
    const handle = handles.retain(database);
    try {
      const watch = new SeederWatch(host.clock);
      const source = new SeederSource(handle, watch);
      const work = async (): Promise<SeederDone> => {
        const em = host.get(TENANT_EM) as TenantEntityManager;
        em.binding?.redirect(source);
        const parts = { tenant, name, request, records, dialect, watch, clock: host.clock };
        const run = new SeederRun(em, parts);
        return typeof seeder === "function" ? run.once(seeder) : run.stream(seeder);
      };
      return await outsideTenancy(() => host.run(tenant, work, origin));
    } finally {
      handles.release(handle);
    }
  }
}

/** One call's seeding of one tenant. */
interface Seeding {
  readonly tenant: Tenant;
  readonly database: TenantDatabase;
  readonly records: SeederRecords;
  readonly request: SeedRequest;
  readonly origin: Origin;
}
