import type { CentralDomains, TenancyRequest, TenantResolution } from "@af-tenancy/core";
import { canonicalHost, hostHeader } from "./canonical-host.ts";

/** How many hosts a resolver remembers, about 250 bytes each; then it forgets all of them and begins anew. */
const mostRemembered = 4_096;

/**
 * Makes the `resolve` of a resolver for which only the host counts. What was decided about a `Host` header is remembered
 * as it was written, so that the next request with the same one is neither parsed nor decided again.
 */
export function byHost(
  decide: (host: string, central: CentralDomains) => TenantResolution | undefined,
): (request: TenancyRequest, central: CentralDomains) => TenantResolution | undefined {
  const remembered = new Map<string, TenantResolution>();
  let rememberedFor: CentralDomains | undefined;

  return function resolve(request, central) {
    // An address in the request target has to be compared with the header.
    if (!request.url.startsWith("/")) return decide(canonicalHost(request), central);
    const header = hostHeader(request.rawHeaders);
    if (rememberedFor === central) {
      const known = remembered.get(header);
      if (known !== undefined) return known;
    }
    const decision = decide(canonicalHost(request), central);
    if (decision === undefined) return undefined;
    if (rememberedFor !== central || remembered.size >= mostRemembered) remembered.clear();
    rememberedFor = central;
    remembered.set(header, frozen(decision));
    return decision;
  };
}

/** Many requests get the same one. */
function frozen(decision: TenantResolution): TenantResolution {
  if (decision.kind === "tenant") Object.freeze(decision.candidates).forEach(Object.freeze);
  return Object.freeze(decision);
}
