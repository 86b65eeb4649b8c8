import type { Writable } from "node:stream";
import { type Clock, InvalidInputError, type MaybePromise } from "@af-tenancy/core";
import { IsolationLevel } from "@mikro-orm/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import { checkConditions } from "./check-conditions.ts";
import { csvPage } from "./csv-output.ts";
import { DataLimitError } from "./data-errors.ts";
import { checkOptions, longCallRules, type OptionRules, rulesFor } from "./data-options.ts";
import { dataShape, type EntityChoice, type EntityShape } from "./data-shape.ts";
import type { LongCall } from "./long-call.ts";
import { Outlet } from "./outlet.ts";
import { type RowConditions, type RowPage, rowPages } from "./row-pages.ts";

/** What is said of an export. */
export interface ExportOptions extends LongCall {
  /** `jsonl` holds any number of entities and everything of them; `csv` one entity, for spreadsheets. */
  readonly format: "jsonl" | "csv";
  /**
   * Where it is written to and ended, or destroyed when the export fails; a function gives a stream for each entity, by
   * its name, which CSV of several entities needs.
   */
  readonly to: Writable | ((entity: string) => MaybePromise<Writable>);
  /** Which entities, with the tables between them; all when absent. */
  readonly entities?: readonly EntityChoice[];
  /** Conditions on the rows of entities, by their names. */
  readonly where?: RowConditions;
  /** How many rows there may be; no limit when absent. */
  readonly maxRows?: number;
  /**
   * Everything is of one moment, as it is when absent, for which one transaction stays open to the end. With `false` each
   * page is read by itself: a change meanwhile may be in it in part, and nobody waits.
   */
  readonly snapshot?: boolean;
}

/** What was exported. */
export interface ExportReport {
  /** Rows by the names of their entities. */
  readonly rows: Readonly<Record<string, number>>;
  readonly bytes: number;
  readonly milliseconds: number;
}

/** Writes a tenant's rows to a stream, a page at a time. */
export async function exportData(
  em: SqlEntityManager,
  clock: Clock,
  options: ExportOptions,
): Promise<ExportReport> {
  const begun = clock.monotonic();
  checkOptions(options, rules);
  const outlets = new Outlets(options);
  const rows: Record<string, number> = {};
  try {
    const shapes = checked(em, options);
    for (const { name } of shapes) rows[name] = 0;
    const work = (reading: SqlEntityManager) => writePages(reading, shapes, options, outlets, rows);
    if (options.snapshot === false) await work(em);
    else await em.transactional(work, snapshot(em));
    await outlets.end();
  } catch (error) {
    outlets.destroy(error);
    throw error;
  }
  return { rows, bytes: outlets.bytes, milliseconds: clock.monotonic() - begun };
}

async function writePages(
  em: SqlEntityManager,
  shapes: readonly EntityShape[],
  { format, where, maxRows = Number.POSITIVE_INFINITY, onProgress }: ExportOptions,
  outlets: Outlets,
  rows: Record<string, number>,
): Promise<void> {
  let count = 0;
  const isCsv = format === "csv";
  if (isCsv) {
    for (const shape of shapes) await (await outlets.of(shape)).write(await csvPage(shape));
  }
  for await (const page of rowPages(em, shapes, where, isCsv)) {
    const { shape } = page;
    if (!page.isLinks) {
      count += page.rows.length;
      if (count > maxRows) throw new DataLimitError("maxRows", maxRows);
      rows[shape.name] = (rows[shape.name] ?? 0) + page.rows.length;
    }
    const text = isCsv ? await csvPage(shape, page.rows) : jsonlPage(page);
    await (await outlets.of(shape)).write(text);
    await onProgress?.({ rows: count, bytes: outlets.bytes });
  }
}

function jsonlPage({ shape, rows, isLinks }: RowPage): string {
  const entity = shape.name;
  return rows
    .map((row) => `${JSON.stringify(isLinks ? { entity, link: row } : { entity, row })}\n`)
    .join("");
}

function checked(
  em: SqlEntityManager,
  { format, to, entities, where }: ExportOptions,
): readonly EntityShape[] {
  const shapes = dataShape(em).choose(entities);
  checkConditions(em, where, shapes);
  if (format === "csv" && shapes.length !== 1 && typeof to !== "function") {
    const rule = "give a function that makes a stream for each entity, or choose one entity";
    throw new InvalidInputError("to", "one stream for CSV of several entities", rule);
  }
  return shapes;
}

/** SQLite has no levels, and each of its transactions sees one moment. */
function snapshot(em: SqlEntityManager) {
  const hasLevels = em.getPlatform().getSchemaHelper()?.supportsSchemaConstraints() !== false;
  return hasLevels ? { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true } : {};
}

/** The streams of an export: one, or one for each entity. */
class Outlets {
  readonly #to: ExportOptions["to"];
  readonly #signal: AbortSignal | undefined;
  readonly #byName = new Map<string, Outlet>();

  constructor({ to, signal }: ExportOptions) {
    this.#to = to;
    this.#signal = signal;
    if (typeof to !== "function") this.#byName.set("", new Outlet(to, signal));
  }

  get bytes(): number {
    return [...this.#byName.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  async of({ name }: EntityShape): Promise<Outlet> {
    const known = this.#byName.get(typeof this.#to === "function" ? name : "");
    if (known !== undefined || typeof this.#to !== "function") return known as Outlet;
    const made = new Outlet(await this.#to(name), this.#signal);
    this.#byName.set(name, made);
    return made;
  }

  async end(): Promise<void> {
    for (const outlet of this.#byName.values()) await outlet.end();
  }

  destroy(error: unknown): void {
    for (const outlet of this.#byName.values()) outlet.destroy(error);
  }
}

function isWritable(value: unknown): boolean {
  const { write, end, on } = Object(value) as Partial<Record<"write" | "end" | "on", unknown>>;
  return [write, end, on].every((member) => typeof member === "function");
}

const rules: OptionRules<ExportOptions> = Object.freeze({
  format: rulesFor.format,
  to: {
    rule: "give a stream that can be written to, or a function that makes one for each entity",
    required: true,
    fits: (value) => typeof value === "function" || isWritable(value),
  },
  entities: rulesFor.entities,
  where: rulesFor.where,
  maxRows: rulesFor.count,
  snapshot: rulesFor.flag,
  ...longCallRules,
});
