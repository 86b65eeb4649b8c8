import type { OutboxEntry } from "./outbox.ts";

/** Reads the committed changes of a registry without a transaction, and hears of those that this process makes. */
export interface ChangeFeed {
  /**
   * Gives committed changes after a sequence number, of one tenant or of all, oldest first; what is given later has
   * higher numbers.
   */
  readAfter(sequence: number, limit: number, tenantId?: string): Promise<readonly OutboxEntry[]>;
  /** Gives the number of the latest committed change; 0 where there is none. */
  last(): Promise<number>;
  /**
   * Calls the listener right after each commit of this registry that appended changes, before its transaction resolves;
   * gives the function that removes it. Other processes' changes and those of a crash are only read. A throw becomes a
   * process warning: the commit stands.
   */
  onCommit(listener: CommitListener): () => void;
}

/** Hears of the changes of one commit, in order. */
export type CommitListener = (changes: readonly OutboxEntry[]) => void;
