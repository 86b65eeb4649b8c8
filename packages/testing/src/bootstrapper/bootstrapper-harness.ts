import type { MaybePromise, TenancyBootstrapper, Tenant, TenantRecord } from "@af-tenancy/core";
import type { LeftOut } from "../suite/group.ts";

/** How the contract gets at the bootstrapper that it checks. */
export interface BootstrapperHarness {
  /** Composes a tenancy in which every bootstrapper under test went through `watch`. */
  create(watch: WatchBootstrapper): MaybePromise<BootstrapperSubject>;
  /** Two tenants that can be entered; acme and globex when absent. */
  readonly tenants?: readonly [TenantRecord, TenantRecord];
  readonly leftOut?: LeftOut<"isolation" | "undo" | "process">;
}

/** Wraps a bootstrapper so that the contract sees what it does. */
export type WatchBootstrapper = <T extends Tenant>(
  bootstrapper: TenancyBootstrapper<T>,
) => TenancyBootstrapper<T>;

/** A tenancy with the bootstrapper under test. */
export interface BootstrapperSubject {
  /** Runs work inside a tenant. */
  enter<R>(tenant: TenantRecord, work: () => Promise<R>): Promise<R>;
  /** Gives what the bootstrapper changes, other for each tenant; throws a `TenancyError` outside of one. */
  observe(): MaybePromise<unknown>;
  close?(): MaybePromise<void>;
}

/** What one test of the contract works with. */
interface WatchedSubject extends BootstrapperSubject {
  readonly acme: TenantRecord;
  readonly globex: TenantRecord;
  /** How often bootstrappers ran, how many undos they returned, and how often those were called. */
  readonly counts: BootstrapCounts;
}

/** What was counted while a test ran. */
export interface BootstrapCounts {
  readonly bootstraps: number;
  readonly undos: number;
  readonly undone: number;
}

/** Makes what one test works with. */
export type MakeWatchedSubject = () => Promise<WatchedSubject>;
