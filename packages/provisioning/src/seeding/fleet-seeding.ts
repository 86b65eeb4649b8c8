import type {
  FleetSeeding,
  FleetSeedingOptions,
  SeederStatus,
  SeedingReport,
  TenantLike,
} from "@af-tenancy/core";
import type { Work } from "../migrations/fleet-migrations.ts";
import { requireTenant } from "../require-tenant.ts";
import { requireSeeding } from "./require-seeding.ts";
import { seedFleet } from "./seed-fleet.ts";

/** Makes what `tenancy.tenants.seeding` is. */
export class FleetSeedingCalls implements FleetSeeding {
  readonly #work: Work;

  constructor(work: Work) {
    this.#work = work;
  }

  run(options?: FleetSeedingOptions): Promise<SeedingReport> {
    return this.#work((workplace) => seedFleet(workplace, options));
  }

  status(tenant: TenantLike): Promise<readonly SeederStatus[]> {
    return this.#work(async (workplace) =>
      requireSeeding(workplace.databases).status(await requireTenant(workplace, tenant)),
    );
  }
}
