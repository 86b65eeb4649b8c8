import { ConfigurationError } from "@af-tenancy/core";

/**
 * Where a reader reads from, of a server that has read replicas: `any` is a replica, or the server itself while none of
 * them can be reached; `replicas` is never the server; `primary` is the server; `{ replica }` is that one and no other.
 */
export type ReadFrom = "any" | "replicas" | "primary" | { readonly replica: string };

/** What is asked of `db.readOnly()`. */
export interface ReadOnlyOptions {
  /** As the driver's option `readOnlyFrom` when absent. */
  readonly from?: ReadFrom;
}

/** Throws `ConfigurationError` for what `readOnlyFrom` cannot be; gives `any` when it is absent. */
export function checkReadOnlyFrom(from: unknown = "any"): ReadFrom {
  if (from === "any" || from === "replicas" || from === "primary") return from;
  const remedy =
    'use "any", "replicas" or "primary"; readOnly({ from }) takes one replica by its name.';
  throw new ConfigurationError("readOnlyFrom", JSON.stringify(from), remedy);
}

/** Names a choice among others. */
export function nameOfChoice(from: ReadFrom): string {
  return typeof from === "object" ? `/${from.replica}` : from;
}
