import type { CentralDomains } from "./contracts/resolver.ts";

/** Makes the set of central host names from a list of canonical ones. */
export function centralDomains(names: readonly string[]): CentralDomains {
  const set: ReadonlySet<string> = new Set(names);
  return { names: Object.freeze([...names]), has: (host) => set.has(host) };
}
