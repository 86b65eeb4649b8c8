import type {
  ClearOptions,
  ClearReport,
  PendingTenants,
  PulledTenant,
  PullOptions,
  TenantFilter,
  TenantRecord,
} from "@af-tenancy/core";
import type { Workplace } from "../workplace.ts";
import { clearPool } from "./clear-pool.ts";
import { fillPool } from "./fill-pool.ts";
import { flaggedFilter } from "./pending-filter.ts";
import type { PendingOptions } from "./pending-options.ts";
import { countPending } from "./pool-stock.ts";
import { pullTenant } from "./pull-tenant.ts";

/** Runs work in provisioning, and keeps it from being closed meanwhile. */
export type Working = <R>(work: (workplace: Workplace) => Promise<R>) => Promise<R>;

/** What `tenancy.tenants.pending` is. */
export class PendingPool implements PendingTenants {
  readonly #working: Working;
  readonly #options: PendingOptions;

  constructor(working: Working, options: PendingOptions = {}) {
    this.#working = working;
    this.#options = options;
  }

  fill(count: number): Promise<readonly string[]> {
    return this.#working((workplace) => fillPool(workplace, count));
  }

  pull(wanted: PulledTenant): Promise<TenantRecord>;
  pull(wanted: PulledTenant, options: PullOptions): Promise<TenantRecord | undefined>;
  pull(wanted: PulledTenant, options?: PullOptions): Promise<TenantRecord | undefined> {
    return this.#working((workplace) => pullTenant(workplace, wanted, options));
  }

  clear(options?: ClearOptions): Promise<ClearReport> {
    return this.#working((workplace) => clearPool(workplace, options));
  }

  count(): Promise<number> {
    return this.#working(countPending);
  }

  filter(flag?: unknown, filter?: TenantFilter): TenantFilter {
    return flaggedFilter(flag, this.#options.include ?? false, filter);
  }
}
