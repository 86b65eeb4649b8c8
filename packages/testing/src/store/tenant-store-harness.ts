import type { MaybePromise, TenantDomain, TenantRecord, TenantStore } from "@af-tenancy/core";
import type { LeftOut } from "../suite/group.ts";

/** What a store holds in one test. */
export interface StoreContents {
  readonly tenants: readonly TenantRecord[];
  readonly domains?: readonly StoredDomain[];
}

/** A domain and the tenant to which it belongs. */
export interface StoredDomain extends TenantDomain {
  readonly tenantId: string;
}

/** How the contract gets at the store that it checks. */
export interface TenantStoreHarness {
  /** Makes a store that holds these tenants and no others. */
  create(contents: StoreContents): MaybePromise<TenantStore>;
  destroy?(store: TenantStore): MaybePromise<void>;
  readonly leftOut?: LeftOut<"references" | "byte equality" | "list">;
}

/** Makes the store of one test. */
export type MakeStore = (contents: StoreContents) => Promise<TenantStore>;
