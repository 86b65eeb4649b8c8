import type { Clock, SeederUse } from "@af-tenancy/core";
import type { Statement, StatementResult } from "../connection/dialect.ts";
import { insertedInto } from "./inserted-into.ts";

/** Counts what statements insert, and measures the time and the memory meanwhile. */
export class SeederWatch {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #started: number;
  readonly #savepoints = new Map<string, ReadonlyMap<string, number>>();
  #tables = new Map<string, number>();
  #kept: ReadonlyMap<string, number> = new Map();
  #looked: number;
  #peakHeap = 0;
  #peakRss = 0;

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
    this.#started = clock.monotonic();
    this.#looked = this.#started;
    this.#look();
  }

  /** How many rows each table has got, in transactions that were not taken back. */
  get tables(): Readonly<Record<string, number>> {
    return Object.freeze(Object.fromEntries(this.#tables));
  }

  /** How many they are in all. */
  get rows(): number {
    return [...this.#tables.values()].reduce((sum, rows) => sum + rows, 0);
  }

  get use(): SeederUse {
    this.#look();
    const milliseconds = this.#clock.monotonic() - this.#started;
    return { milliseconds, peakHeap: this.#peakHeap, peakRss: this.#peakRss };
  }

  /** A statement was run; tells whether the last look at the memory was a while ago. */
  ran({ sql }: Statement, { rows, numAffectedRows }: StatementResult<unknown>): boolean {
    const table = insertedInto(sql);
    if (table !== undefined) {
      const count = Number(numAffectedRows ?? rows.length);
      this.#tables.set(table, (this.#tables.get(table) ?? 0) + count);
    }
    const now = this.#clock.monotonic();
    if (now - this.#looked < pause) return false;
    this.#looked = now;
    this.#look();
    return true;
  }

  began(): void {
    this.#kept = new Map(this.#tables);
    this.#savepoints.clear();
  }

  rolledBack(): void {
    this.#tables = new Map(this.#kept);
  }

  saved(savepoint: string): void {
    this.#savepoints.set(savepoint, new Map(this.#tables));
  }

  rolledBackTo(savepoint: string): void {
    this.#tables = new Map(this.#savepoints.get(savepoint) ?? this.#tables);
  }

  #look(): void {
    const { heapUsed, rss } = process.memoryUsage();
    this.#peakHeap = Math.max(this.#peakHeap, heapUsed);
    this.#peakRss = Math.max(this.#peakRss, rss);
  }
}

/** Milliseconds between two looks at the memory, each of which reads a file. */
const pause = 20;
