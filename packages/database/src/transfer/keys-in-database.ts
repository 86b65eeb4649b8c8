import { LockMode } from "@mikro-orm/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import type { EntityShape } from "./data-shape.ts";
import { selectedFields } from "./selected-fields.ts";

type Values = Readonly<Record<string, unknown>>;

/** A row's key as a text; `undefined` where the database will make it. */
export function keyOf({ keys }: EntityShape, values: Values): string | undefined {
  const parts = keys.map(({ name, encode }) => {
    const value = values[name] ?? null;
    return value === null ? null : encode(value);
  });
  return parts.includes(null) ? undefined : JSON.stringify(parts);
}

/**
 * The keys of those rows that are in the database already; with `latest` also those that were written since the transaction
 * began, which some engines show only to who locks them.
 */
export async function keysInDatabase(
  em: SqlEntityManager,
  shape: EntityShape,
  rows: readonly Values[],
  latest = false,
): Promise<ReadonlySet<string>> {
  const { meta, keys } = shape;
  const conditions = rows
    .filter((row) => keyOf(shape, row) !== undefined)
    .map((row) => Object.fromEntries(keys.map(({ name }) => [name, row[name]])));
  const found = new Set<string>();
  for (let start = 0; start < conditions.length; start += most) {
    const some = conditions.slice(start, start + most);
    const [single, second] = keys;
    const where =
      single !== undefined && second === undefined && single.prop.fieldNames.length === 1
        ? { [single.name]: { $in: some.map((one) => one[single.name]) } }
        : { $or: some };
    const builder = em.createQueryBuilder(meta.class, "r");
    builder.select(selectedFields(em, "r", keys)).where(where as never);
    if (latest) builder.setLockMode(LockMode.PESSIMISTIC_READ);
    for (const raw of (await builder.execute("all", { mapResults: false })) as object[]) {
      const values = em.getDriver().mapResult(raw as never, meta) as Values;
      const key = keyOf(shape, values);
      if (key !== undefined) found.add(key);
    }
  }
  return found;
}

/** SQLite takes no deeper conditions than of some hundreds of parts. */
const most = 100;
