/** Rights that one process has at a time, each by its name, kept in the registry so that a death frees them. */
export interface Leases {
  /** Takes or renews a right for milliseconds of the registry's own time; `false` while it is another owner's. */
  claim(name: string, owner: string, leaseMs: number): Promise<boolean>;
  /** Gives a right back before its time is over, if it is this owner's. */
  release(name: string, owner: string): Promise<void>;
}
