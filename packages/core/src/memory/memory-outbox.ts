import type { Outbox, OutboxChange, OutboxEntry } from "../contracts/outbox.ts";
import { frozenCopy } from "./frozen-copy.ts";
import type { RegistryTables } from "./registry-tables.ts";

/** Writes changes into the tables of one transaction and numbers them without gaps. */
export class MemoryOutbox implements Outbox {
  readonly #tables: () => RegistryTables;

  constructor(tables: () => RegistryTables) {
    this.#tables = tables;
  }

  async append(change: OutboxChange): Promise<number> {
    const { changes, cursors } = this.#tables();
    const sequence = (cursors.get(lastSequence) ?? 0) + 1;
    changes.set(sequence, frozenCopy({ ...change, sequence }));
    cursors.set(lastSequence, sequence);
    return sequence;
  }

  async readAfter(sequence: number, limit: number): Promise<readonly OutboxEntry[]> {
    const { changes } = this.#tables();
    const entries: OutboxEntry[] = [];
    for (let next = Math.max(sequence, 0) + 1; entries.length < limit; next += 1) {
      const entry = changes.get(next);
      if (entry === undefined) break;
      entries.push(entry);
    }
    return entries;
  }

  async cursor(consumer: string): Promise<number> {
    return this.#tables().cursors.get(consumerKey(consumer)) ?? 0;
  }

  async moveCursor(consumer: string, sequence: number): Promise<void> {
    const { cursors } = this.#tables();
    const key = consumerKey(consumer);
    cursors.set(key, Math.max(cursors.get(key) ?? 0, sequence));
  }
}

const lastSequence = "last";

function consumerKey(consumer: string): string {
  return `consumer:${consumer}`;
}
