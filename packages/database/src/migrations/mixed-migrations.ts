import {
  ConfigurationError,
  type MigratedTenant,
  type MigrationRequest,
  type MigrationRun,
  type MigrationStatus,
  type Placement,
  type Tenant,
  type TenantMigrations,
  UnknownDriverError,
} from "@af-tenancy/core";

/** A driver's databases, as far as they have migrations. */
interface Migrated {
  readonly migrations?: TenantMigrations | undefined;
}

/**
 * Gives each tenant of a mixed fleet the migrations of its driver; `undefined` where no driver has any. Throws
 * `ConfigurationError` where only some have: a fleet is up to date as a whole.
 */
export function mixedMigrations(
  byDriver: ReadonlyMap<string, Migrated>,
): TenantMigrations | undefined {
  const found = new Map<string, TenantMigrations>();
  for (const [driver, { migrations }] of byDriver) {
    if (migrations !== undefined) found.set(driver, migrations);
  }
  if (found.size === 0) return undefined;
  const lacking = [...byDriver.keys()].find((driver) => !found.has(driver));
  if (lacking === undefined) return new MixedMigrations(found);
  const remedy = `give ${lacking}() its own, or leave them out everywhere.`;
  throw new ConfigurationError("migrations", `absent at "${lacking}" only`, remedy);
}

class MixedMigrations implements TenantMigrations {
  readonly #byDriver: ReadonlyMap<string, TenantMigrations>;

  constructor(byDriver: ReadonlyMap<string, TenantMigrations>) {
    this.#byDriver = byDriver;
  }

  get folders(): readonly string[] {
    return [...this.#byDriver.values()].flatMap(({ folders = [] }) => folders);
  }

  version(placement: Placement): string {
    return this.#of(placement).version(placement);
  }

  isBehind(tenant: MigratedTenant): boolean {
    return this.#byDriver.get(tenant.placement?.driver ?? "")?.isBehind(tenant) ?? false;
  }

  async status(tenant: Tenant): Promise<MigrationStatus> {
    return this.#of(tenant.placement).status(tenant);
  }

  async run(tenant: Tenant, request?: MigrationRequest): Promise<MigrationRun> {
    return this.#of(tenant.placement).run(tenant, request);
  }

  async resolve(tenant: Tenant, name: string, outcome: "applied" | "reverted"): Promise<void> {
    await this.#of(tenant.placement).resolve(tenant, name, outcome);
  }

  #of(placement: Placement | undefined): TenantMigrations {
    const migrations = this.#byDriver.get(placement?.driver ?? "");
    if (migrations === undefined) throw new UnknownDriverError(placement?.driver ?? "none");
    return migrations;
  }
}
