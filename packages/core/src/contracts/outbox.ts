import type { JsonValue } from "./tenant.ts";

/** Changes written in the transaction that made them and read in order by whoever follows the registry. */
export interface Outbox {
  /** Writes a change and gives its sequence number; numbers of committed changes only grow. */
  append(change: OutboxChange): Promise<number>;
  /** Writes changes in their order, many with one statement. */
  appendAll(changes: readonly OutboxChange[]): Promise<void>;
  /** Gives changes after a sequence number, oldest first. */
  readAfter(sequence: number, limit: number): Promise<readonly OutboxEntry[]>;
  /** Gives how far a named consumer has read; 0 at first. */
  cursor(consumer: string): Promise<number>;
  /** Moves a consumer's cursor forward, never back. */
  moveCursor(consumer: string, sequence: number): Promise<void>;
  /** Forgets a consumer that will not come back, so that no change is kept for it; it would begin anew. */
  retire(consumer: string): Promise<void>;
}

/** One change of one tenant. */
export interface OutboxChange {
  /** Such as `tenant.created`. */
  readonly type: string;
  readonly tenantId: string;
  /** The tenant's version after the change. */
  readonly version: number;
  readonly payload: JsonValue;
}

/** A change and its place in the order of all changes. */
export interface OutboxEntry extends OutboxChange {
  readonly sequence: number;
}
