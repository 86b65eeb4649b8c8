/** How one driver's tenants are migrated, and how a hand would. */
export interface FleetCase {
  /** Migrates the next so many tenants. */
  ours(tenants: number): Promise<void>;
  /** Does the same work with nothing but the driver. */
  baseline(tenants: number): Promise<void>;
  /** Removes everything that was made. */
  close(): Promise<void>;
}
