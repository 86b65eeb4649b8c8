import type { Outbox, OutboxChange, OutboxEntry } from "../contracts/outbox.ts";
import { frozenCopy } from "./frozen-copy.ts";
import type { RegistryTables } from "./registry-tables.ts";

/** Writes changes into the tables of one transaction and numbers them without gaps. */
export class MemoryOutbox implements Outbox {
  readonly #tables: () => RegistryTables;
  readonly #appended: OutboxEntry[];

  /** Adds what is appended to the list, too. */
  constructor(tables: () => RegistryTables, appended: OutboxEntry[]) {
    this.#tables = tables;
    this.#appended = appended;
  }

  async append(change: OutboxChange): Promise<number> {
    const { changes, cursors } = this.#tables();
    const sequence = lastChange(this.#tables()) + 1;
    const entry = frozenCopy({ ...change, sequence });
    changes.set(sequence, entry);
    this.#appended.push(entry);
    cursors.set(lastSequence, sequence);
    return sequence;
  }

  async appendAll(changes: readonly OutboxChange[]): Promise<void> {
    for (const change of changes) await this.append(change);
  }

  async readAfter(sequence: number, limit: number): Promise<readonly OutboxEntry[]> {
    return changesAfter(this.#tables(), sequence, limit);
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

/** Gives changes after a sequence number, of one tenant or of all, oldest first. */
export function changesAfter(
  { changes }: RegistryTables,
  sequence: number,
  limit: number,
  tenantId?: string,
): readonly OutboxEntry[] {
  const entries: OutboxEntry[] = [];
  for (let next = Math.max(sequence, 0) + 1; entries.length < limit; next += 1) {
    const entry = changes.get(next);
    if (entry === undefined) break;
    if (tenantId === undefined || entry.tenantId === tenantId) entries.push(entry);
  }
  return entries;
}

/** Gives the number of the latest change; 0 where there is none. */
export function lastChange({ cursors }: RegistryTables): number {
  return cursors.get(lastSequence) ?? 0;
}

const lastSequence = "last";

function consumerKey(consumer: string): string {
  return `consumer:${consumer}`;
}
