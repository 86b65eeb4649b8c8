import type { SqlEntityManager } from "@mikro-orm/sql";
import { isObject, refuse } from "./data-options.ts";
import type { EntityShape } from "./data-shape.ts";
import type { RowConditions } from "./row-pages.ts";

/**
 * Throws `InvalidInputError` for conditions on what is not selected or on properties that there are not: rows would be
 * taken that were not meant.
 */
export function checkConditions(
  em: SqlEntityManager,
  where: RowConditions = {},
  shapes: readonly EntityShape[],
): void {
  for (const [name, condition] of Object.entries(where)) {
    const shape = shapes.find((one) => one.name === name);
    if (shape === undefined) {
      const names = shapes.map((one) => one.name).join(", ");
      refuse("where", name, `it is none of the entities that are selected: ${names}`);
    }
    const field = `where.${name}`;
    if (!isComplete(condition)) refuse(field, undefined, "give a value, or leave it out");
    try {
      em.createQueryBuilder(shape.meta.class).where(condition as never);
    } catch (error) {
      refuse(field, error instanceof Error ? error.message : error, "use properties that it has");
    }
  }
}

/** What is `undefined` would be no condition. */
function isComplete(condition: unknown): boolean {
  if (Array.isArray(condition)) return condition.every(isComplete);
  if (!isObject(condition) || Object.getPrototypeOf(condition) !== Object.prototype) {
    return condition !== undefined;
  }
  return Object.values(condition).every(isComplete);
}
