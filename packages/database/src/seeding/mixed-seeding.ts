import {
  ConfigurationError,
  type SeederStatus,
  type SeedingRun,
  type SeedRequest,
  type Tenant,
  type TenantSeeding,
  UnknownDriverError,
} from "@af-tenancy/core";

/** A driver's databases, as far as they have seeders. */
interface Seeded {
  readonly seeding?: TenantSeeding | undefined;
}

/**
 * Gives each tenant of a mixed fleet the seeders of its driver; `undefined` where no driver has any. Throws
 * `ConfigurationError` where they are not called the same in the same order everywhere: a fleet is seeded as a whole.
 */
export function mixedSeeding(byDriver: ReadonlyMap<string, Seeded>): TenantSeeding | undefined {
  const found = new Map<string, TenantSeeding>();
  const [first] = byDriver.values();
  const names = first?.seeding?.names ?? [];
  for (const [driver, { seeding }] of byDriver) {
    if (seeding !== undefined) found.set(driver, seeding);
    if (String(seeding?.names ?? []) === String(names)) continue;
    const remedy = `give ${driver}() seeders of the same names in the same order as the others.`;
    throw new ConfigurationError("seeders", `others at "${driver}"`, remedy);
  }
  return found.size === 0 ? undefined : new MixedSeeding(found, names);
}

class MixedSeeding implements TenantSeeding {
  readonly names: readonly string[];
  readonly #byDriver: ReadonlyMap<string, TenantSeeding>;

  constructor(byDriver: ReadonlyMap<string, TenantSeeding>, names: readonly string[]) {
    this.#byDriver = byDriver;
    this.names = names;
  }

  async status(tenant: Tenant): Promise<readonly SeederStatus[]> {
    return this.#of(tenant).status(tenant);
  }

  async run(tenant: Tenant, request?: SeedRequest): Promise<SeedingRun> {
    return this.#of(tenant).run(tenant, request);
  }

  #of({ placement }: Tenant): TenantSeeding {
    const seeding = this.#byDriver.get(placement?.driver ?? "");
    if (seeding === undefined) throw new UnknownDriverError(placement?.driver ?? "none");
    return seeding;
  }
}
