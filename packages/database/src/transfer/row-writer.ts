import type { SqlEntityManager } from "@mikro-orm/sql";
import type { EntityShape } from "./data-shape.ts";
import { databaseIssue } from "./database-issue.ts";
import { keyOf, keysInDatabase } from "./keys-in-database.ts";
import type { RowIssue } from "./row-issue.ts";
import { insertZero, madeKey, rowValuesOf, statementValues } from "./row-values.ts";

/** What happens to a row whose key is there already. */
export type OnConflict = "fail" | "skip" | "update";

/** A row that may be written: values as MikroORM takes them, by the names of its properties. */
export interface WritableRow {
  readonly line: number;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Rows of one entity that are written together. */
export interface RowBatch {
  readonly shape: EntityShape;
  readonly rows: readonly WritableRow[];
  /** They are references that are to be set in rows that are there. */
  readonly isLinks: boolean;
}

/** What became of rows. */
export interface Written {
  inserted: number;
  updated: number;
  skipped: number;
}

/** What is told of a row that the database does not take; whoever throws takes the whole batch back. */
export type TellIssue = (issue: RowIssue, cause: unknown) => void | Promise<void>;

/**
 * Writes rows, many with one statement. When the database refuses them, it finds out which: what is left of the batch is
 * written, and each refused row is told.
 */
export async function writeRows(
  em: SqlEntityManager,
  batch: RowBatch,
  onConflict: OnConflict,
  tell: TellIssue,
): Promise<Written> {
  const written: Written = { inserted: 0, updated: 0, skipped: 0 };
  for (const part of byKey(batch)) await writePart(em, part, onConflict, tell, written);
  return written;
}

async function writePart(
  em: SqlEntityManager,
  { shape, rows, isLinks }: RowBatch,
  onConflict: OnConflict,
  tell: TellIssue,
  written: Written,
): Promise<void> {
  if (isLinks) {
    await writeLinks(em, shape, rows, onConflict, tell);
    return;
  }
  const present = onConflict === "fail" ? nothing : await keysOf(em, shape, rows);
  const isNew = ({ values }: WritableRow) => !present.has(keyOf(shape, values) ?? "");
  const insert: Write = (inner, some) => insertRows(inner, shape, some);
  const update: Write = (inner, some) => updateRows(inner, shape, some, false);
  const writeOld = async (old: readonly WritableRow[]) => {
    if (onConflict === "update") written.updated += await attempt(em, shape, old, update, tell);
    else written.skipped += old.length;
  };
  /** Rows that somebody else inserted meanwhile are there as well. */
  const lookAgain = async (some: readonly WritableRow[]) => {
    const found = await keysOf(em, shape, some, true);
    const isLate = ({ values }: WritableRow) => found.has(keyOf(shape, values) ?? "");
    const late = some.filter(isLate);
    if (late.length === 0) return undefined;
    await writeOld(late);
    return attempt(
      em,
      shape,
      some.filter((row) => !isLate(row)),
      insert,
      tell,
    );
  };
  const retry = onConflict === "fail" ? undefined : lookAgain;
  written.inserted += await attempt(em, shape, rows.filter(isNew), insert, tell, retry);
  await writeOld(rows.filter((row) => !isNew(row)));
}

/** A reference is set only in a row that is there. */
async function writeLinks(
  em: SqlEntityManager,
  shape: EntityShape,
  rows: readonly WritableRow[],
  onConflict: OnConflict,
  tell: TellIssue,
): Promise<void> {
  const present = await keysOf(em, shape, rows);
  const isThere = ({ values }: WritableRow) => present.has(keyOf(shape, values) ?? "");
  for (const { line } of rows.filter((row) => !isThere(row))) {
    const message = "the row whose references it sets is not there";
    await tell({ line, entity: shape.name, code: "MISSING_REFERENCE", message }, undefined);
  }
  const link: Write = (inner, some) => updateRows(inner, shape, some, onConflict !== "update");
  await attempt(em, shape, rows.filter(isThere), link, tell);
}

function keysOf(
  em: SqlEntityManager,
  shape: EntityShape,
  rows: readonly WritableRow[],
  latest = false,
): Promise<ReadonlySet<string>> {
  const values = rows.map((row) => row.values);
  return keysInDatabase(em, shape, values, latest);
}

/** Rows with the same key are written one after the other, as the second one may be an update of the first. */
function* byKey({ shape, rows, isLinks }: RowBatch): Generator<RowBatch> {
  let part: WritableRow[] = [];
  let keys = new Set<string>();
  for (const row of rows) {
    const key = keyOf(shape, row.values);
    if (key !== undefined && keys.has(key)) {
      yield { shape, rows: part, isLinks };
      [part, keys] = [[], new Set()];
    }
    if (key !== undefined) keys.add(key);
    part.push(row);
  }
  yield { shape, rows: part, isLinks };
}

/**
 * Gives how many rows were written. Halves of what is refused are tried, until it is one row; where keys are taken, `retry`
 * comes first, which gives nothing when it knows no better.
 */
async function attempt(
  em: SqlEntityManager,
  shape: EntityShape,
  rows: readonly WritableRow[],
  write: Write,
  tell: TellIssue,
  retry?: (rows: readonly WritableRow[]) => Promise<number | undefined>,
): Promise<number> {
  const [first, second] = rows;
  if (first === undefined) return 0;
  try {
    await em.transactional((inner) => write(inner, rows));
    return rows.length;
  } catch (error) {
    // The query builder throws what the database says as it is.
    const explained = em.getDriver().convertException(error as Error);
    const issue = databaseIssue(explained, first.line, shape.name);
    if (issue === undefined) throw error;
    const retried = issue.code === "DUPLICATE" ? await retry?.(rows) : undefined;
    if (retried !== undefined) return retried;
    if (second === undefined) {
      await tell(issue, explained);
      return 0;
    }
    const middle = Math.ceil(rows.length / 2);
    const before = await attempt(em, shape, rows.slice(0, middle), write, tell);
    return before + (await attempt(em, shape, rows.slice(middle), write, tell));
  }
}

/** A value that a row leaves out is the column's own. */
async function insertRows(
  em: SqlEntityManager,
  shape: EntityShape,
  rows: readonly WritableRow[],
): Promise<void> {
  const { meta } = shape;
  const made = rowValuesOf(em).zeroMakesKey ? madeKey(shape) : undefined;
  const alike = new Map<string, object[]>();
  for (const row of rows) {
    const values = statementValues(em, row.values);
    if (made !== undefined && String(values[made.name]) === "0") {
      await insertZero(em, shape, made, values);
      continue;
    }
    const names = Object.keys(values).join("\n");
    const some = alike.get(names) ?? [];
    some.push(values);
    alike.set(names, some);
  }
  for (const data of alike.values()) {
    await em
      .createQueryBuilder(meta.class)
      .insert(data as never)
      .execute("run");
  }
}

/** With `empty`, references that are set already are left as they are: their rows were there before. */
async function updateRows(
  em: SqlEntityManager,
  { meta, byName }: EntityShape,
  rows: readonly WritableRow[],
  empty: boolean,
): Promise<void> {
  for (const { values } of rows) {
    const own = Object.entries(values);
    const isKey = ([name]: readonly [string, unknown]) => byName.get(name)?.isKey === true;
    const key = Object.fromEntries(own.filter(isKey));
    const rest = own.filter((one) => !isKey(one));
    for (const data of empty ? rest.map((one) => [one]) : [rest]) {
      if (data.length === 0) continue;
      const where = empty ? { ...key, [String(data[0]?.[0])]: null } : key;
      const set = statementValues(em, Object.fromEntries(data));
      await em.createQueryBuilder(meta.class).update(set).where(where).execute("run");
    }
  }
}

type Write = (em: SqlEntityManager, rows: readonly WritableRow[]) => Promise<void>;

const nothing: ReadonlySet<string> = new Set();
