// Host names
export { canonicalDomain } from "./canonical-domain.ts";
export { canonicalHost } from "./canonical-host.ts";
// Resolvers
export { domainResolver } from "./domain-resolver.ts";
export { firstOf } from "./first-of.ts";
export type { SubdomainResolverOptions } from "./subdomain-resolver.ts";
export { subdomainResolver } from "./subdomain-resolver.ts";
