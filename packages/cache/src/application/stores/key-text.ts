import type { CacheKey } from "@af-tenancy/core";

/** Writes a key so that those of different kinds are apart. */
export function keyText({ kind, name }: CacheKey): string {
  return `${kind}:${name}`;
}

/** What the keys of values begin with. */
export const valuePrefix = keyText({ kind: "value", name: "" });
