/** What a connection does around its statements. */
export interface SqliteFileConnectionOptions {
  /** Throws when a statement may not be run. */
  check?(sql: string): void;
  /** What a transaction writes and is given back is used by nobody before it is committed. */
  readonly isUsedLater?: boolean;
  /** Makes the error for a statement that would write; absent where it may. */
  refuseWrite?(): Error;
  /** Makes the error for a lock that the caller's own transaction holds; `undefined` where it is another's. */
  refuseWait?(): Error | undefined;
  /** Makes the error for a lock of another process that did not become free. */
  tooLate(milliseconds: number): Error;
}
