import type { SqlEntityManager } from "@mikro-orm/sql";
import { InvalidRowError } from "./data-errors.ts";
import type { EntityShape } from "./data-shape.ts";
import type { RowIssue } from "./row-issue.ts";
import { type OnConflict, type WritableRow, writeRows } from "./row-writer.ts";

/** What became of an entity's rows. */
export interface RowCounts {
  /** Rows that were not there before. */
  readonly inserted: number;
  /** Rows that were there, and have the values that were given now. */
  readonly updated: number;
  /** Rows that were there, and were left as they are. */
  readonly skipped: number;
  /** Rows that could not be read or written, each of which was told as an issue. */
  readonly invalid: number;
}

/** What is done with rows that are there already, or cannot be. */
export interface LoadOptions {
  /** What happens to a row whose key is there already; `fail` when absent, which makes it an invalid one. */
  readonly onConflict?: OnConflict;
  /** Whether the first invalid row ends the call, as it does when absent, or such rows are told and left out. */
  readonly onInvalid?: "stop" | "skip";
  /** Told of each invalid row; the next one is read when what it returns is done. */
  readonly onIssue?: (issue: RowIssue) => void | Promise<void>;
  /** How many rows are written together; 200 when absent. */
  readonly batch?: number;
}

/** Takes rows, and writes them many at a time. */
export class RowLoader {
  readonly #em: SqlEntityManager;
  readonly #options: Required<Omit<LoadOptions, "onIssue">>;
  readonly #onIssue: LoadOptions["onIssue"];
  readonly #counts = new Map<string, { -readonly [Count in keyof RowCounts]: RowCounts[Count] }>();
  readonly #issues: RowIssue[] = [];
  #shape: EntityShape | undefined;
  #isLinks = false;
  #rows: WritableRow[] = [];
  #bytes = 0;

  constructor(em: SqlEntityManager, options: LoadOptions) {
    const { onConflict = "fail", onInvalid = "stop", onIssue, batch = 200 } = options;
    this.#em = em;
    this.#options = { onConflict, onInvalid, batch };
    this.#onIssue = onIssue;
  }

  get counts(): Readonly<Record<string, RowCounts>> {
    return Object.fromEntries(this.#counts);
  }

  /** The first of them; all of them are told. */
  get issues(): readonly RowIssue[] {
    return this.#issues;
  }

  /** Takes a row; tells whether some were written for it. Throws `InvalidRowError` when those are not to be skipped. */
  async add(
    shape: EntityShape,
    isLink: boolean,
    row: WritableRow,
    bytes: number,
  ): Promise<boolean> {
    const isOther = shape !== this.#shape || isLink !== this.#isLinks;
    const isFull = this.#rows.length >= this.#options.batch || this.#bytes >= batchBytes;
    const flushes = this.#rows.length > 0 && (isOther || isFull);
    if (flushes) await this.flush();
    [this.#shape, this.#isLinks] = [shape, isLink];
    this.#rows.push(row);
    this.#bytes += bytes;
    return flushes;
  }

  /** Takes note of a row that is none. Throws `InvalidRowError` when those are not to be skipped. */
  async refuse(issue: RowIssue, cause?: unknown): Promise<void> {
    if (issue.entity !== undefined) this.#count(issue.entity).invalid += 1;
    if (this.#issues.length < mostIssues) this.#issues.push(issue);
    await this.#onIssue?.(issue);
    if (this.#options.onInvalid === "stop") throw new InvalidRowError(issue, { cause });
  }

  /** Writes what was taken. */
  async flush(): Promise<void> {
    const [shape, rows, isLinks] = [this.#shape, this.#rows, this.#isLinks];
    [this.#rows, this.#bytes] = [[], 0];
    if (shape === undefined || rows.length === 0) return;
    const { onConflict } = this.#options;
    const written = await this.#em.transactional((em) =>
      writeRows(em, { shape, rows, isLinks }, onConflict, (issue, cause) =>
        this.refuse(issue, cause),
      ),
    );
    const counts = this.#count(shape.name);
    counts.inserted += written.inserted;
    counts.updated += written.updated;
    counts.skipped += written.skipped;
  }

  #count(entity: string) {
    const counts = this.#counts.get(entity);
    if (counts !== undefined) return counts;
    const none = { inserted: 0, updated: 0, skipped: 0, invalid: 0 };
    this.#counts.set(entity, none);
    return none;
  }
}

const batchBytes = 256 * 1024;
const mostIssues = 100;
