import { refuse } from "./refuse.ts";

/** Gives a flag; throws `InvalidInputError`. */
export function checkedFlag(field: string, value: unknown): boolean {
  if (typeof value !== "boolean") refuse(field, value, "use true or false");
  return value;
}
