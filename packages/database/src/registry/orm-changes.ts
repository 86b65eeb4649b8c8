import {
  type ChangeFeed,
  type CommitListener,
  CommitListeners,
  type OutboxEntry,
} from "@af-tenancy/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import type { RegistryEntities } from "./entities.ts";
import { changesAfter } from "./orm-outbox.ts";
import { answered } from "./orm-store.ts";

/** What the feed reads with; throws `TenancyClosedError` while the registry is not open. */
export type RegistryReader = () => {
  readonly em: SqlEntityManager;
  readonly entities: RegistryEntities;
};

/** Reads the committed changes from the registry's tables and tells of those that this process commits. */
export class OrmChanges implements ChangeFeed {
  readonly #reader: RegistryReader;
  readonly #listeners = new CommitListeners();

  constructor(reader: RegistryReader) {
    this.#reader = reader;
  }

  async readAfter(
    sequence: number,
    limit: number,
    tenantId?: string,
  ): Promise<readonly OutboxEntry[]> {
    const { em, entities } = this.#reader();
    return answered(() => changesAfter(em, entities, sequence, limit, tenantId));
  }

  async last(): Promise<number> {
    const { em, entities } = this.#reader();
    const options = { disableIdentityMap: true, orderBy: { sequence: "desc" }, limit: 1 } as const;
    const [latest] = await answered(() => em.find(entities.Change, {}, options));
    return latest?.sequence ?? 0;
  }

  onCommit(listener: CommitListener): () => void {
    return this.#listeners.add(listener);
  }

  /** Tells the listeners of what was just committed. */
  tell(changes: readonly OutboxEntry[]): void {
    this.#listeners.tell(changes);
  }
}
