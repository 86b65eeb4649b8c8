import type { TenancyHost } from "../contracts/component.ts";
import type { JsonValue, Tenant } from "../contracts/tenant.ts";
import type {
  SeederDone,
  SeederStatus,
  SeedingRun,
  SeedRequest,
  TenantSeeding,
} from "../contracts/tenant-seeding.ts";
import {
  SeederFailedError,
  SeedingLockedError,
  UnknownSeederError,
} from "../errors/seeding-errors.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import { outsideTenancy } from "../outside-tenancy.ts";
import type { MemoryDatabase } from "./memory-database-manager.ts";

/** Puts rows into a copy of a memory database's rows, which takes their place when it has. */
export type MemorySeeder = (rows: Map<string, JsonValue>) => MaybePromise<void>;

/** Runs seeders of memory databases, each as a whole or not at all. */
export class MemorySeeding implements TenantSeeding {
  readonly names: readonly string[];
  readonly #seeders: ReadonlyMap<string, MemorySeeder>;
  readonly #host: () => TenancyHost;
  readonly #open: (tenant: Tenant) => MemoryDatabase;

  constructor(
    seeders: Readonly<Record<string, MemorySeeder>>,
    host: () => TenancyHost,
    open: (tenant: Tenant) => MemoryDatabase,
  ) {
    this.#seeders = new Map(Object.entries(seeders));
    this.names = Object.freeze([...this.#seeders.keys()]);
    this.#host = host;
    this.#open = open;
  }

  async status(tenant: Tenant): Promise<readonly SeederStatus[]> {
    const { seeded } = this.#open(tenant);
    return this.names.map((name) => ({ name, at: undefined, rows: 0, ...seeded.get(name) }));
  }

  async run(tenant: Tenant, request: SeedRequest = {}): Promise<SeedingRun> {
    const { seeders: wanted = this.names, again = false, signal } = request;
    const unknown = wanted.find((name) => !this.#seeders.has(name));
    if (unknown !== undefined) throw new UnknownSeederError(unknown, this.names);
    const database = this.#open(tenant);
    const seeders: SeederDone[] = [];
    for (const name of this.names.filter((one) => wanted.includes(one))) {
      signal?.throwIfAborted();
      if (database.locked) throw new SeedingLockedError(tenant.id, name);
      database.locked = true;
      try {
        seeders.push(await this.#perform(tenant, database, name, again));
      } catch (cause) {
        throw new SeederFailedError(tenant.id, name, seeders, { cause });
      } finally {
        database.locked = false;
      }
    }
    return { seeders };
  }

  async #perform(
    tenant: Tenant,
    database: MemoryDatabase,
    name: string,
    again: boolean,
  ): Promise<SeederDone> {
    const { clock, origin, run } = this.#host();
    const started = clock.monotonic();
    const ran = again || !database.seeded.has(name);
    const rows = new Map(structuredClone([...database.rows]));
    if (ran) {
      const work = async () => this.#seeders.get(name)?.(rows);
      await outsideTenancy(() => run(tenant, work, origin));
    }
    const inserted = rows.size - database.rows.size;
    if (ran) database.seeded.set(name, { at: clock.now(), rows: inserted });
    for (const [key, value] of rows) database.rows.set(key, value);
    const { heapUsed, rss } = process.memoryUsage();
    return {
      ...{ name, ran, rows: inserted, tables: { rows: inserted } },
      ...{ milliseconds: clock.monotonic() - started, peakHeap: heapUsed, peakRss: rss },
    };
  }
}
