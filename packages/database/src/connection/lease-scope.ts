import type { Scope } from "@af-tenancy/core";

/** What a lease has to know of the scope that holds it. */
export type LeaseScope = Pick<Scope, "lease" | "signal">;

/** Makes a scope that never ends, for connections that belong to no tenant's stay. */
export function everlastingScope(): LeaseScope {
  const { signal } = new AbortController();
  return { signal, lease: () => () => {} };
}
