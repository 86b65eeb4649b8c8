import {
  bootstrapBy,
  ConfigurationError,
  type DatabaseTemplates,
  type MaybePromise,
  type Placement,
  type Scope,
  type SeedingRun,
  type SeedRequest,
  type TenancyBootstrapper,
  type TenancyHost,
  type Tenant,
  type TenantDatabaseManager,
  type TenantMigrations,
  type TenantSeeding,
  UnknownDriverError,
} from "@af-tenancy/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import type { DoctorOptions } from "../doctor/doctor-options.ts";
import type { Finding } from "../doctor/finding.ts";
import { givenTenants } from "../doctor/given-tenants.ts";
import { mixedMigrations } from "../migrations/mixed-migrations.ts";
import { mixedSeeding } from "../seeding/mixed-seeding.ts";
import { seedersOf } from "../seeding/seeding-of.ts";
import { areSynced, type SyncedDatabases, type SyncSite } from "../syncing/sync-site.ts";
import { type TenantData, tenantData } from "../transfer/tenant-data.ts";
import { checkRows } from "./check-rows.ts";
import { checkTenant } from "./check-tenant.ts";
import type { DatabaseStatistics } from "./database-statistics.ts";
import { DriverDatabases } from "./driver-databases.ts";
import type { EntityManagerOptions } from "./manager-options.ts";
import type { MikroOrmDatabases } from "./mikro-orm-databases.ts";
import { mixedTemplates } from "./mixed-templates.ts";
import type { ReadOnlyOptions } from "./read-from.ts";

/**
 * Makes one fleet of tenants on several drivers: a tenant's placement says which one serves it, and a new tenant comes
 * to the first unless its placement wishes another. Each driver takes its entities from a factory. Throws
 * `ConfigurationError`.
 *
 * @example
 * const entities = (driver: string) => ({ Note: defineEntity({ name: "Note", properties }) });
 * const db = tenantDatabases([sqlite({ folder, entities }), postgresql({ connection, entities })]);
 * await tenancy.run(acme, () => db.em().findAll(db.entities().Note));
 */
export function tenantDatabases<Entities>(
  drivers: readonly MikroOrmDatabases<Entities>[],
): MikroOrmDatabases<Entities> {
  return new MixedDatabases(drivers);
}

class MixedDatabases<Entities> implements MikroOrmDatabases<Entities>, SyncedDatabases {
  readonly name = "databases";
  readonly bootstrapper: TenancyBootstrapper = {
    name: "database",
    bootstrap: (scope: Scope) => bootstrapBy(this.#serving(scope.tenant).bootstrapper, scope),
  };
  readonly migrations: TenantMigrations | undefined;
  readonly seeding: TenantSeeding | undefined;
  readonly templates: DatabaseTemplates | undefined;
  readonly data: TenantData;
  readonly #first: MikroOrmDatabases<Entities>;
  readonly #central: MikroOrmDatabases<Entities>;
  readonly #byDriver: ReadonlyMap<string, MikroOrmDatabases<Entities>>;

  constructor(drivers: readonly MikroOrmDatabases<Entities>[]) {
    if (!Array.isArray(drivers) || drivers.length === 0) {
      throw new ConfigurationError("databases", "empty or no list", "give at least one driver.");
    }
    const [first] = drivers as [MikroOrmDatabases<Entities>];
    this.#first = first;
    this.#byDriver = byDriver(drivers);
    this.#central = theCentral(drivers) ?? first;
    this.migrations = mixedMigrations(this.#byDriver);
    this.seeding = mixedSeeding(this.#byDriver);
    this.templates = mixedTemplates(drivers);
    this.data = tenantData({
      clock: () => asDriver(first).clock,
      current: () => this.em({ lane: "bulk" }),
      within: async (tenant, ...given) => asDriver(this.#serving(tenant)).within(tenant, ...given),
    });
  }

  attach(host: TenancyHost): void {
    for (const databases of this.#byDriver.values()) databases.attach?.(host);
  }

  async start(): Promise<void> {
    for (const databases of this.#byDriver.values()) await databases.start?.();
  }

  async close(): Promise<void> {
    const closing = [...this.#byDriver.values()].map(async (databases) => databases.close?.());
    const errors = (await Promise.allSettled(closing)).flatMap((result) =>
      result.status === "rejected" ? [result.reason] : [],
    );
    if (errors.length > 0) throw new AggregateError(errors, "Not all drivers could be closed.");
  }

  get syncSites(): readonly SyncSite[] {
    return [...this.#byDriver.values()].flatMap((databases) =>
      areSynced(databases) ? databases.syncSites : [],
    );
  }

  stats(): readonly DatabaseStatistics[] {
    return [...this.#byDriver.values()].flatMap((databases) => databases.stats());
  }

  em(options?: EntityManagerOptions): SqlEntityManager {
    return this.#first.em(options);
  }

  readOnly(options?: ReadOnlyOptions): SqlEntityManager {
    return this.#first.readOnly(options);
  }

  central(): SqlEntityManager {
    return this.#central.central();
  }

  entities(): Entities {
    return this.#first.entities();
  }

  async doctor({ tenants, ...options }: DoctorOptions = {}): Promise<readonly Finding[]> {
    const known = tenants === undefined ? {} : { tenants: await collected(givenTenants(tenants)) };
    const findings: Finding[] = [];
    for (const databases of this.#byDriver.values()) {
      findings.push(...(await databases.doctor({ ...options, ...known })));
    }
    return findings;
  }

  async seed(tenant: Tenant, request?: SeedRequest): Promise<SeedingRun> {
    return seedersOf(this).run(tenant, request);
  }

  unscoped<R>(reason: string, work: (em: SqlEntityManager) => MaybePromise<R>): Promise<R> {
    return this.#first.unscoped(reason, work);
  }

  place(tenantId: string, generation: number, wish?: Partial<Placement>): Placement {
    const databases = wish?.driver === undefined ? this.#first : this.#of(wish.driver);
    return databases.place(tenantId, generation, wish);
  }

  manager(placement: Placement): TenantDatabaseManager {
    return this.#of(placement.driver).manager(placement);
  }

  async migrate(tenant: Tenant): Promise<void> {
    await this.#serving(tenant).migrate(tenant);
  }

  async verify(tenant: Tenant): Promise<void> {
    await this.#serving(tenant).verify(tenant);
  }

  /** Only between tenants of one driver: what a value is as text, each has in its own way. */
  async copyRows(source: Tenant, tenant: Tenant, signal: AbortSignal): Promise<void> {
    await this.#serving(tenant).copyRows?.(source, tenant, signal);
  }

  /** A tenant that none of them serves gets the first one's refusal, once it asks for its data. */
  #serving(tenant: Tenant): MikroOrmDatabases<Entities> {
    checkTenant(tenant);
    const { placement } = tenant;
    return this.#byDriver.get(placement?.driver ?? "") ?? this.#first;
  }

  #of(driver: string): MikroOrmDatabases<Entities> {
    const databases = this.#byDriver.get(driver);
    if (databases === undefined) throw new UnknownDriverError(driver);
    return databases;
  }
}

/** What was looked at when the fleet was made. */
function asDriver(databases: object): DriverDatabases {
  return databases as DriverDatabases;
}

async function collected<T>(given: Iterable<T> | AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const one of given) all.push(one);
  return all;
}

function byDriver<D>(drivers: readonly D[]): ReadonlyMap<string, D> {
  const found = new Map<string, D>();
  const entities = new Set<unknown>();
  for (const [index, databases] of drivers.entries()) {
    const key = `databases[${index}]`;
    if (!(databases instanceof DriverDatabases)) {
      throw new ConfigurationError(
        key,
        "no driver",
        "give what sqlite(), postgresql() or mysql() makes.",
      );
    }
    const { driver, known } = databases;
    if (found.has(driver)) {
      const remedy = "give each driver once; one driver serves many servers and strategies.";
      throw new ConfigurationError(key, `a second "${driver}"`, remedy);
    }
    if (drivers.length > 1 && !known.made) {
      throw new ConfigurationError(`${key}.entities`, "a list", factoryRemedy);
    }
    if (known.list.some((entity) => entities.has(entity))) {
      throw new ConfigurationError(`${key}.entities`, "the same entities again", factoryRemedy);
    }
    for (const entity of known.list) entities.add(entity);
    checkRows(key, databases, drivers[0] as DriverDatabases);
    found.set(driver, databases);
  }
  return found;
}

/** The one that has the application's central database. */
function theCentral<D>(drivers: readonly D[]): D | undefined {
  const [found, second] = drivers.filter((one) => (one as DriverDatabases).hasCentral);
  if (second === undefined) return found;
  const remedy = "an application has one central database: say it to one driver.";
  throw new ConfigurationError("central", "configured on several drivers", remedy);
}

const factoryRemedy =
  "give a function that makes new entities each time, (driver) => ({ Note: defineEntity(...) }), because MikroORM " +
  "writes on an entity whose ORM it is.";
