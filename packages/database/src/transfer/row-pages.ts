import { setImmediate as turnOfTheLoop } from "node:timers/promises";
import type { FilterQuery } from "@mikro-orm/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import type { DataField } from "./data-field.ts";
import type { EntityShape } from "./data-shape.ts";
import { selectedFields } from "./selected-fields.ts";
import type { JsonValue } from "./value-kind.ts";

/** The values of a row by the names of its properties. */
export type JsonRow = Record<string, JsonValue>;

/** Rows of one entity; or, where they are links, keys and references of rows that were given before. */
export interface RowPage {
  readonly shape: EntityShape;
  readonly rows: readonly JsonRow[];
  readonly isLinks: boolean;
}

/** Which rows of each entity, by its name; all of one that is not named. */
export type RowConditions = Readonly<Record<string, FilterQuery<object>>>;

/**
 * Reads rows of one entity after the other, never many at once and each page by a statement of its own that goes on
 * after the last key, so that nothing is held between them.
 */
export async function* rowPages(
  em: SqlEntityManager,
  shapes: readonly EntityShape[],
  where: RowConditions = {},
  inline = false,
): AsyncGenerator<RowPage> {
  for (const shape of shapes) {
    const later = inline ? [] : shape.links;
    const fields = shape.fields.filter((field) => !later.includes(field));
    yield* pagesOf(em, shape, fields, where[shape.name], false);
  }
  for (const shape of inline ? [] : shapes) {
    if (shape.links.length === 0) continue;
    const fields = [...shape.keys, ...shape.links];
    yield* pagesOf(em, shape, fields, where[shape.name], true);
  }
}

async function* pagesOf(
  em: SqlEntityManager,
  shape: EntityShape,
  fields: readonly DataField[],
  condition: FilterQuery<object> | undefined,
  isLinks: boolean,
): AsyncGenerator<RowPage> {
  const driver = em.getDriver();
  let after: RawRow | undefined;
  let limit = firstPage;
  while (true) {
    const read = await readPage(em, shape, fields, { condition, after, limit, isLinks });
    if (read.length === 0) return;
    const rows = read.map((raw) => {
      const values = driver.mapResult(raw as never, shape.meta) as RawRow;
      return Object.fromEntries(
        fields.map(({ name, encode }) => {
          const value = values[name] ?? null;
          return [name, value === null ? null : encode(value)];
        }),
      );
    });
    yield { shape, rows, isLinks };
    // Where a driver answers at once, nobody else had a turn until all is read.
    await turnOfTheLoop();
    if (read.length < limit) return;
    after = read.at(-1);
    limit = nextLimit(limit, read);
  }
}

type RawRow = Record<string, unknown>;

interface PageRequest {
  readonly condition: FilterQuery<object> | undefined;
  readonly after: RawRow | undefined;
  readonly limit: number;
  readonly isLinks: boolean;
}

/** The key is compared as the database gave it: a `Date` would have lost microseconds of it. */
async function readPage(
  em: SqlEntityManager,
  { meta, keys, links }: EntityShape,
  fields: readonly DataField[],
  { condition, after, limit, isLinks }: PageRequest,
): Promise<RawRow[]> {
  const platform = em.getPlatform();
  const columns = keys.flatMap(({ prop }) => prop.fieldNames);
  const builder = em.createQueryBuilder(meta.class, alias);
  builder.select(selectedFields(em, alias, fields));
  if (condition !== undefined) builder.andWhere(condition as never);
  if (isLinks) builder.andWhere({ $or: links.map(({ name }) => ({ [name]: { $ne: null } })) });
  if (after !== undefined) {
    const names = columns.map((column) => platform.quoteIdentifier(`${alias}.${column}`));
    const { sql, values } = beyond(
      names,
      columns.map((column) => after[column]),
    );
    builder.andWhere(sql, values);
  }
  builder.orderBy(keys.map(({ name }) => ({ [name]: "asc" })) as never).limit(limit);
  return (await builder.execute("all", { mapResults: false })) as RawRow[];
}

/** `a > 1 or (a = 1 and b > 2)`, which every engine answers from the index of the key. */
function beyond(names: readonly string[], key: readonly unknown[]) {
  const parts: string[] = [];
  const values: unknown[] = [];
  for (const [last, name] of names.entries()) {
    const equal = names.slice(0, last).map((one) => `${one} = ?`);
    parts.push(`(${[...equal, `${name} > ?`].join(" and ")})`);
    values.push(...key.slice(0, last + 1));
  }
  return { sql: parts.join(" or "), values };
}

/** Rows of any size take about the same memory. */
function nextLimit(limit: number, read: readonly RawRow[]): number {
  const size = read.reduce((sum, row) => sum + sizeOf(row), 0) / read.length;
  return Math.max(1, Math.min(Math.floor(pageBytes / size), limit * 2, largestPage));
}

/** About how many bytes a value takes, and its row with it. */
export function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length + 16;
  if (value instanceof Uint8Array) return value.byteLength;
  if (typeof value !== "object" || value === null) return 16;
  return Object.values(value).reduce((sum: number, one) => sum + sizeOf(one), 16);
}

const alias = "r";
const firstPage = 16;
const largestPage = 512;
const pageBytes = 256 * 1024;
