/** How one driver makes tenants, and how a hand would. */
export interface CreateCase {
  /** Makes a tenant, ready to be served. */
  ours(): Promise<void>;
  /** Does the same work with nothing but the driver. */
  baseline(): Promise<void>;
  /** Removes everything that was made. */
  close(): Promise<void>;
}
