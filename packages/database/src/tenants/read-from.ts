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

/**
 * Throws `ConfigurationError` for what `readOnlyFrom` cannot be, `replicas` where no server may have any among it; gives
 * `any` when it is absent.
 */
export function checkReadOnlyFrom(from: unknown = "any", mayHaveReplicas = true): ReadFrom {
  if (from === "replicas" && !mayHaveReplicas) {
    const remedy = 'list the "replicas" of a server, or read from "any" or "primary".';
    throw new ConfigurationError("readOnlyFrom", '"replicas", which no server has', remedy);
  }
  if (from === "any" || from === "replicas" || from === "primary") return from;
  const remedy =
    'use "any", "replicas" or "primary"; readOnly({ from }) takes one replica by its name.';
  throw new ConfigurationError("readOnlyFrom", JSON.stringify(from), remedy);
}

/** Names a choice among others. */
export function nameOfChoice(from: ReadFrom): string {
  return typeof from === "object" ? `/${from.replica}` : from;
}
