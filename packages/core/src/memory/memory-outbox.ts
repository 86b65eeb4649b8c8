import type { Clock } from "../contracts/clock.ts";
import type { Outbox, OutboxChange, OutboxEntry } from "../contracts/outbox.ts";
import { frozenCopy } from "./frozen-copy.ts";
import type { RegistryTables } from "./registry-tables.ts";

/** Writes changes into the tables of one transaction and numbers them without gaps. */
export class MemoryOutbox implements Outbox {
  readonly #tables: () => RegistryTables;
  readonly #appended: OutboxEntry[];
  readonly #clock: Clock;

  /** Adds what is appended to the list, too. */
  constructor(tables: () => RegistryTables, appended: OutboxEntry[], clock: Clock) {
    this.#tables = tables;
    this.#clock = clock;
    this.#appended = appended;
  }

  async append(change: OutboxChange): Promise<number> {
    const { changes, changeTimes, cursors } = this.#tables();
    const sequence = lastChange(this.#tables()) + 1;
    const entry = frozenCopy({ ...change, sequence });
    changes.set(sequence, entry);
    changeTimes.set(sequence, this.#clock.now());
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
    const { cursors, consumers } = this.#tables();
    const key = consumerKey(consumer);
    cursors.set(key, Math.max(cursors.get(key) ?? 0, sequence));
    consumers.set(key, key);
  }

  async retire(consumer: string): Promise<void> {
    const { cursors, consumers } = this.#tables();
    cursors.delete(consumerKey(consumer));
    consumers.delete(consumerKey(consumer));
  }
}

/** Gives changes after a sequence number, of one tenant or of all, oldest first. */
export function changesAfter(
  { changes, cursors }: RegistryTables,
  sequence: number,
  limit: number,
  tenantId?: string,
): readonly OutboxEntry[] {
  const entries: OutboxEntry[] = [];
  const removed = cursors.get("removed") ?? 0;
  for (let next = Math.max(sequence, removed, 0) + 1; entries.length < limit; next += 1) {
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

/** Gives how far each of the consumers has read. */
export function consumerSequences({ cursors, consumers }: RegistryTables): readonly number[] {
  return [...consumers.values()].map((key) => cursors.get(key) ?? 0);
}

const lastSequence = "last";

function consumerKey(consumer: string): string {
  return `consumer:${consumer}`;
}
