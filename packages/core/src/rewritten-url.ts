import type { TenantResolution } from "./contracts/resolver.ts";

/** Gives the request target that handlers are to see instead, where a resolver took the tenant off it. */
export function rewrittenUrl(resolution: TenantResolution | undefined): string | undefined {
  if (resolution?.kind === "tenant") return resolution.url;
  if (resolution?.kind !== "strict") return undefined;
  for (const one of resolution.opinions) {
    const url = rewrittenUrl(one.resolution);
    if (url !== undefined) return url;
  }
  return undefined;
}
