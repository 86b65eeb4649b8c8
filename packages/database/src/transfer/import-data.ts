import { setImmediate as turnOfTheLoop } from "node:timers/promises";
import { type Clock, InvalidInputError } from "@af-tenancy/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import { assertMayWrite } from "../tenants/guarded-methods.ts";
import { advanceKeys } from "./advance-keys.ts";
import { csvRows } from "./csv-input.ts";
import { DataLimitError } from "./data-errors.ts";
import {
  checkOptions,
  loadRules,
  longCallRules,
  type OptionRules,
  rulesFor,
} from "./data-options.ts";
import { type DataShape, dataShape, type EntityChoice, nameOf } from "./data-shape.ts";
import { type InputLine, readRow } from "./input-row.ts";
import { type InputRules, jsonlRows } from "./jsonl-input.ts";
import type { LongCall } from "./long-call.ts";
import { type DataSource, isSource, readText } from "./read-text.ts";
import type { RowIssue } from "./row-issue.ts";
import { type LoadOptions, type RowCounts, RowLoader } from "./row-loader.ts";

/** What is said of an import. */
export interface ImportOptions extends LongCall, LoadOptions {
  readonly format: "jsonl" | "csv";
  /** What is read, a piece at a time: a stream, or a list of texts. */
  readonly from: DataSource;
  /** Whose rows it holds, which CSV needs; lines of JSON then need no `entity`, and are rows by themselves. */
  readonly entity?: EntityChoice;
  /** Which entities may stand in it; all when absent. */
  readonly entities?: readonly EntityChoice[];
  /** Everything is imported or nothing, as when absent; with `false` each batch stays. */
  readonly atomic?: boolean;
  /** Does everything, and takes it back. */
  readonly dryRun?: boolean;
  /** Looks at a row before it is written: what it gives says why the row is refused. */
  readonly validate?: (entity: string, values: Readonly<Record<string, unknown>>) => Verdict;
  /** How many bytes a line may take; 1 MiB when absent. */
  readonly maxLineBytes?: number;
  /** How many rows there may be; no limit when absent. */
  readonly maxRows?: number;
}

/** Why a row is refused; `undefined` when it is not. */
export type Verdict = string | undefined | Promise<string | undefined>;

/** What was imported. */
export interface ImportReport {
  /** Rows by the names of their entities. */
  readonly rows: Readonly<Record<string, RowCounts>>;
  /** The first 100 invalid rows; `onIssue` is told of all. */
  readonly issues: readonly RowIssue[];
  readonly bytes: number;
  readonly milliseconds: number;
}

/** Reads rows, looks at each, and writes them for the tenant of the entity manager. */
export async function importData(
  em: SqlEntityManager,
  clock: Clock,
  options: ImportOptions,
): Promise<ImportReport> {
  const begun = clock.monotonic();
  checkOptions(options, optionRules);
  const shape = dataShape(em);
  const rules = rulesOf(options, shape);
  assertMayWrite(em);
  const input = readText(options.from, options.signal);
  const lines = readLines(input.text, rules, options);
  const load = async (inner: SqlEntityManager) => {
    const loader = new RowLoader(inner, options);
    await loadLines(lines, loader, rules, options, () => input.bytes);
    if (!options.dryRun) await advanceKeys(inner, shape, loader.counts);
    return loader;
  };
  const { counts, issues } = await within(em, options, load);
  const milliseconds = clock.monotonic() - begun;
  return { rows: counts, issues, bytes: input.bytes, milliseconds };
}

async function loadLines(
  lines: AsyncIterable<InputLine>,
  loader: RowLoader,
  { tenantColumn }: InputRules,
  { validate, maxRows = Number.POSITIVE_INFINITY, onProgress }: ImportOptions,
  bytes: () => number,
): Promise<void> {
  let rows = 0;
  for await (const one of lines) {
    if ("issue" in one) {
      await loader.refuse(one.issue);
      continue;
    }
    const { row } = one;
    const { shape, line, isLink } = row;
    rows += 1;
    if (rows > maxRows) throw new DataLimitError("maxRows", maxRows, line);
    const read = readRow(row, tenantColumn);
    if ("issue" in read) {
      await loader.refuse(read.issue);
      continue;
    }
    const refusal = isLink ? undefined : await validate?.(shape.name, read.values);
    if (refusal !== undefined) {
      await loader.refuse({ line, entity: shape.name, code: "REFUSED", message: refusal });
      continue;
    }
    const flushed = await loader.add(shape, isLink, { line, values: read.values }, row.bytes);
    if (!flushed) continue;
    await onProgress?.({ rows: rows - 1, bytes: bytes() });
    // Where a driver answers at once, nobody else had a turn until all is written.
    await turnOfTheLoop();
  }
  await loader.flush();
  await onProgress?.({ rows, bytes: bytes() });
}

/** In one transaction, which a trial takes back, or in one for each batch. */
async function within<R>(
  em: SqlEntityManager,
  { atomic = true, dryRun = false }: ImportOptions,
  work: (em: SqlEntityManager) => Promise<R>,
): Promise<R> {
  if (!dryRun) return atomic ? em.transactional(work) : work(em);
  const inner = em.fork();
  await inner.begin();
  try {
    return await work(inner);
  } finally {
    await inner.rollback();
  }
}

function readLines(
  text: AsyncIterable<string>,
  rules: InputRules,
  { format }: ImportOptions,
): AsyncIterable<InputLine> {
  if (format === "jsonl") return jsonlRows(text, rules);
  if (rules.only !== undefined) return csvRows(text, rules, rules.only);
  const rule = "say whose rows a CSV file holds, such as Note";
  throw new InvalidInputError("entity", "absent", rule);
}

function rulesOf(options: ImportOptions, shape: DataShape): InputRules {
  const { entity, entities = entity === undefined ? undefined : [entity] } = options;
  const shapes = new Map(shape.choose(entities).map((one) => [one.name, one]));
  const only = entity === undefined ? undefined : shapes.get(nameOf(entity));
  const { maxLineBytes = 1024 * 1024 } = options;
  return { only, shapes, tenantColumn: shape.tenantColumn, maxLineBytes };
}

const optionRules: OptionRules<ImportOptions> = Object.freeze({
  format: rulesFor.format,
  from: {
    rule: "give a stream, or a list of texts or bytes: put a single one in a list",
    required: true,
    fits: isSource,
  },
  entity: rulesFor.entity,
  entities: rulesFor.entities,
  atomic: rulesFor.flag,
  dryRun: rulesFor.flag,
  validate: rulesFor.listener,
  maxLineBytes: rulesFor.count,
  maxRows: rulesFor.count,
  ...loadRules,
  ...longCallRules,
});
