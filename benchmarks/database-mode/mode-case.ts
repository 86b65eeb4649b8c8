/** One way of answering requests, each of which makes one query for one of ten warm tenants. */
export interface ModeSide {
  /** Answers the request of a tenant, by its number. */
  answer(tenant: number): Promise<unknown>;
  close(): Promise<void>;
}

/** The two ways of a driver: an application's own tenancy, and MikroORM instances held by hand, one for each tenant. */
export interface ModeCase {
  ours(): Promise<ModeSide>;
  baseline(): Promise<ModeSide>;
}

/** How many tenants take turns. */
export const tenantCount = 10;

/** Numbers of the tenants. */
export const tenantNumbers: readonly number[] = Array.from({ length: tenantCount }, (_, i) => i);
