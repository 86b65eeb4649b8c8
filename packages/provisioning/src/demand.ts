import { ConfigurationError } from "@af-tenancy/core";

/** Throws `ConfigurationError` for an option that is not as it has to be. */
export function demand(key: string, value: unknown, isFine: boolean, remedy: string): void {
  if (!isFine) throw new ConfigurationError(key, shown(value), remedy);
}

function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 100));
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : "an array";
  if (typeof value === "function") return "a function";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
