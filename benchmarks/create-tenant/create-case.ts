/** How one driver makes tenants, and how a hand would. */
export interface CreateCase {
  /** Makes a tenant, ready to be served. */
  ours(): Promise<void>;
  /** Does the same work with nothing but the driver. */
  baseline(): Promise<void>;
  /** Fills the pool, pulls so many tenants from it one after the other, and gives the milliseconds of each pull. */
  pulls(count: number): Promise<readonly number[]>;
  /** Removes everything that was made. */
  close(): Promise<void>;
}
