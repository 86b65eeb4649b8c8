import { ConfigurationError } from "@af-tenancy/core";

/** Throws `ConfigurationError` unless an option is a whole number above 0. */
export function checkCount(key: string, count: unknown): void {
  if (isCount(count)) return;
  throw new ConfigurationError(key, String(count), "give a whole number above 0.");
}

/** Tells whether a value is a whole number above 0. */
export function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) > 0;
}
