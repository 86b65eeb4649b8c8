import { refuse } from "./refuse.ts";

/**
 * Reads the fields of an input object: its own ones only, so that nothing inherited is ever taken for input, and none
 * but the known ones, so that a misspelt one is not overlooked. Fields that are `undefined` are as good as absent.
 */
export function ownFields<K extends string>(
  what: string,
  input: unknown,
  known: readonly K[],
): Partial<Record<K, unknown>> {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    refuse(what, input, "give an object");
  }
  const fields: Partial<Record<K, unknown>> = {};
  for (const [key, value] of Object.entries(input)) {
    const name = known.find((one) => one === key);
    if (name === undefined) refuse(what, key, `there is no such field, only ${known.join(", ")}`);
    if (value !== undefined) fields[name] = value;
  }
  return fields;
}
