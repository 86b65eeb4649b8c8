import type { ApplicationCache, MaybePromise, TenantRecord } from "@af-tenancy/core";
import type { LeftOut } from "../suite/group.ts";

/** How the contract gets at the caches that it checks. */
export interface ApplicationCacheHarness {
  /** Starts an application with caches for each test. */
  start(): MaybePromise<ApplicationCacheSubject>;
  readonly leftOut?: LeftOut<"isolation" | "values" | "clearing" | "making" | "counting" | "locks">;
}

/** An application with two tenants whose caches are in one store. */
export interface ApplicationCacheSubject {
  readonly acme: TenantRecord;
  readonly globex: TenantRecord;
  /** Runs work inside a tenant. */
  run<R>(tenant: TenantRecord, work: () => Promise<R>): Promise<R>;
  tenantCache(): ApplicationCache;
  globalCache(): ApplicationCache;
  close?(): MaybePromise<void>;
}

/** Starts what one test works with. */
export type StartCaches = () => Promise<ApplicationCacheSubject>;
