import { type EntityProperty, raw } from "@mikro-orm/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import { bindingOfManager } from "../tenants/assert-own.ts";
import type { EntityShape } from "./data-shape.ts";

/** What an engine makes of the few values that not every engine takes as they are. */
export interface RowValues {
  /** SQL for NaN or an infinite number; `undefined` where no column keeps it. */
  numberSql?(value: number): string | undefined;
  /** A key of 0 has the database make another one, where it makes keys. */
  readonly zeroMakesKey?: boolean;
}

/** What an entity manager's engine makes of values. */
export function rowValuesOf(em: SqlEntityManager): RowValues {
  return bindingOfManager(em)?.shared.rowValues ?? {};
}

/** The key whose values the database makes, where it does. */
export function madeKey({ meta }: Pick<EntityShape, "meta">): EntityProperty | undefined {
  return meta.getPrimaryProps().find(({ autoincrement }) => autoincrement === true);
}

/** Gives values as they may stand in a statement: the query builder writes NaN down as the name of a column. */
export function statementValues(
  em: SqlEntityManager,
  values: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const isUnusual = (value: unknown) => typeof value === "number" && !Number.isFinite(value);
  const unusual = Object.entries(values).filter(([, value]) => isUnusual(value));
  if (unusual.length === 0) return values;
  const { numberSql } = rowValuesOf(em);
  const written = unusual.map(([name, value]) => [
    name,
    raw(numberSql?.(value as number) ?? "null"),
  ]);
  return { ...values, ...Object.fromEntries(written) };
}

/** Inserts a row with the key 0 where the database would make another one: it does, and is told 0 afterwards. */
export async function insertZero(
  em: SqlEntityManager,
  { meta }: EntityShape,
  { name }: EntityProperty,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { [name]: zero, ...rest } = values;
  const { insertId } = await em
    .createQueryBuilder(meta.class)
    .insert(rest as never)
    .execute<{ readonly insertId: unknown }>("run");
  await em
    .createQueryBuilder(meta.class)
    .update({ [name]: zero })
    .where({ [name]: insertId })
    .execute("run");
}
