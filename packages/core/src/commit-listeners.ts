import type { CommitListener } from "./contracts/change-feed.ts";
import type { OutboxEntry } from "./contracts/outbox.ts";

/** Tells a registry's own process of its commits. */
export class CommitListeners {
  readonly #listeners = new Set<CommitListener>();

  /** Adds a listener and gives the function that removes it. */
  add(listener: CommitListener): () => void {
    const own: CommitListener = (changes) => listener(changes);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Tells of what was just committed; what a listener throws becomes a process warning, for the commit stands. */
  tell(changes: readonly OutboxEntry[]): void {
    if (changes.length === 0) return;
    for (const listener of this.#listeners) {
      try {
        listener(changes);
      } catch (error) {
        process.emitWarning(error instanceof Error ? error : String(error));
      }
    }
  }
}
