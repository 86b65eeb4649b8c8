import type { Scope } from "@af-tenancy/core";

/** What a lease has to know of the scope that holds it. */
export interface LeaseScope extends Pick<Scope, "lease" | "signal"> {
  /** Background work gets what the others leave. */
  readonly lane?: "bulk";
}

/** Makes a scope that never ends, for connections that belong to no tenant's stay. */
export function everlastingScope(): LeaseScope {
  const { signal } = new AbortController();
  return { signal, lease: () => () => {} };
}
