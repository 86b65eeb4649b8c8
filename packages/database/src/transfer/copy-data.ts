import { type Clock, InvalidInputError, type Tenant } from "@af-tenancy/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import { assertMayWrite } from "../tenants/guarded-methods.ts";
import { advanceKeys } from "./advance-keys.ts";
import { checkConditions } from "./check-conditions.ts";
import { DataLimitError } from "./data-errors.ts";
import {
  checkOptions,
  loadRules,
  longCallRules,
  type OptionRule,
  type OptionRules,
  rulesFor,
} from "./data-options.ts";
import { dataShape, type EntityChoice, type EntityShape } from "./data-shape.ts";
import { readRow } from "./input-row.ts";
import type { LongCall } from "./long-call.ts";
import type { RowIssue } from "./row-issue.ts";
import { type LoadOptions, type RowCounts, RowLoader } from "./row-loader.ts";
import { type RowConditions, rowPages, sizeOf } from "./row-pages.ts";

/** What is said of a copy from one tenant to another. */
export interface CopyOptions extends LongCall, LoadOptions {
  /** Whose rows are copied; nothing of it is changed. */
  readonly from: Tenant;
  /** Who gets them, with the same keys. */
  readonly to: Tenant;
  /** Which entities, with the tables between them; all when absent. */
  readonly entities?: readonly EntityChoice[];
  /** Conditions on the rows of entities, by their names. */
  readonly where?: RowConditions;
  /** How many rows there may be; no limit when absent. */
  readonly maxRows?: number;
}

/** What was copied. */
export interface CopyReport {
  /** Rows by the names of their entities. */
  readonly rows: Readonly<Record<string, RowCounts>>;
  /** The first 100 invalid rows; `onIssue` is told of all. */
  readonly issues: readonly RowIssue[];
  readonly milliseconds: number;
}

/**
 * Copies rows a page at a time, each read and written in a transaction of its own, so that it does not matter whether both
 * tenants are in one file.
 */
export async function copyData(
  source: SqlEntityManager,
  target: SqlEntityManager,
  clock: Clock,
  options: CopyOptions,
): Promise<CopyReport> {
  const begun = clock.monotonic();
  const { entities, where, signal, onProgress, maxRows = Number.POSITIVE_INFINITY } = options;
  const shape = dataShape(target);
  const shapes = dataShape(source).choose(entities);
  const targets = new Map(
    shape.choose(shapes.map(({ name }) => name)).map((one) => [one.name, one]),
  );
  checkConditions(source, where, shapes);
  assertMayWrite(target);
  const loader = new RowLoader(target, options);
  let [line, rows] = [0, 0];
  for await (const page of rowPages(source, shapes, where)) {
    signal?.throwIfAborted();
    const to = targets.get(page.shape.name) as EntityShape;
    for (const values of page.rows) {
      line += 1;
      if (!page.isLinks) rows += 1;
      if (rows > maxRows) throw new DataLimitError("maxRows", maxRows);
      const [isLink, bytes] = [page.isLinks, sizeOf(values)];
      const read = readRow({ line, shape: to, bytes, isLink, values }, undefined);
      if ("issue" in read) await loader.refuse(read.issue);
      else await loader.add(to, isLink, { line, values: read.values }, bytes);
    }
    await loader.flush();
    await onProgress?.({ rows, bytes: 0 });
  }
  await advanceKeys(target, shape, loader.counts);
  return {
    ...{ rows: loader.counts, issues: loader.issues },
    milliseconds: clock.monotonic() - begun,
  };
}

/** Throws `InvalidInputError` for what cannot be copied. */
export function checkCopy(options: CopyOptions): void {
  checkOptions(options, rules);
  const { from, to } = options;
  if (from.id !== to.id) return;
  throw new InvalidInputError("to", to.id, "a tenant's data is copied to another tenant");
}

const tenant: OptionRule = Object.freeze({
  rule: "give a tenant as tenancy.find() gives it",
  required: true,
  fits: (value: unknown) => typeof (Object(value) as Partial<Tenant>).id === "string",
});

const rules: OptionRules<CopyOptions> = Object.freeze({
  from: tenant,
  to: tenant,
  entities: rulesFor.entities,
  where: rulesFor.where,
  maxRows: rulesFor.count,
  ...loadRules,
  ...longCallRules,
});
