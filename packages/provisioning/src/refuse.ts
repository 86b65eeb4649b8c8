import { InvalidInputError } from "@af-tenancy/core";

/** Throws `InvalidInputError` for a field, showing no more of its value than a log can bear. */
export function refuse(field: string, value: unknown, rule: string): never {
  throw new InvalidInputError(field, shown(value), rule);
}

function shown(value: unknown): string {
  if (typeof value === "string") return value.length <= 100 ? value : `${value.slice(0, 99)}…`;
  if (value === null || typeof value === "number" || typeof value === "boolean") return `${value}`;
  return Array.isArray(value) ? "an array" : `a value of type ${typeof value}`;
}
