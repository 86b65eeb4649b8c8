/** What a registry keeps of what is over, until it was kept for long enough; inside one transaction. */
export interface RegistryHistory {
  /** Tells how many there are that nobody needs and that are older than so many milliseconds, by the registry's own time. */
  count(what: HistoryKind, age: number): Promise<number>;
  /** Removes those, the oldest first and at most `limit`; gives how many there were. */
  remove(what: HistoryKind, age: number, limit: number): Promise<number>;
}

/**
 * What of it: changes of the outbox that every consumer has had, but for the latest; operations that are done or
 * discarded, with their idempotency keys; plans of migrations in which no tenant waits or is quarantined.
 */
export type HistoryKind = "changes" | "operations" | "plans";
