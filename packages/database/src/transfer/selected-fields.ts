import { BigIntType, raw } from "@mikro-orm/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import { type DataField, leafOf } from "./data-field.ts";

/** What is selected for fields of the table with an alias, so that whole numbers beyond 2^53 come as they are. */
export function selectedFields(
  em: SqlEntityManager,
  alias: string,
  fields: readonly DataField[],
): never {
  // SQLite would give them as numbers, rounded.
  const rounds = em.getPlatform().getSchemaHelper()?.supportsSchemaConstraints() === false;
  return fields.map(({ name, prop }) => {
    const [column, second] = prop.fieldNames;
    const isBig = second === undefined && leafOf(prop).customType instanceof BigIntType;
    if (!rounds || !isBig) return `${alias}.${name}`;
    return raw("cast(?? as text) as ??", [`${alias}.${column}`, column]);
  }) as never;
}
