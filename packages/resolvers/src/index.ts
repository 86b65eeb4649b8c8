// Host names

// Resolvers of hosts
export { type BehindProxyOptions, behindProxy } from "./behind-proxy.ts";
export { type CanonicalDomainOptions, canonicalDomain } from "./canonical-domain.ts";
export { canonicalHost } from "./canonical-host.ts";
// Resolvers of what else a request says
export { type ClaimResolverOptions, claimResolver } from "./claim-resolver.ts";
export {
  type CookieResolverOptions,
  cookieResolver,
  sealTenantCookie,
} from "./cookie-resolver.ts";
export { type CustomResolverOptions, customResolver } from "./custom-resolver.ts";
export {
  type DomainOrSubdomainResolverOptions,
  domainOrSubdomainResolver,
} from "./domain-or-subdomain-resolver.ts";
export { domainResolver } from "./domain-resolver.ts";
// Errors
export { InvalidReferenceError, InvalidTokenError, TokenKeysUnavailableError } from "./errors.ts";
// Several resolvers
export { firstOf } from "./first-of.ts";
export { type HeaderResolverOptions, headerResolver } from "./header-resolver.ts";
export { originResolver } from "./origin-resolver.ts";
export { type PathResolverOptions, pathResolver } from "./path-resolver.ts";
export { type QueryResolverOptions, queryResolver } from "./query-resolver.ts";
export { type SessionResolverOptions, sessionResolver } from "./session-resolver.ts";
export { strict } from "./strict.ts";
export type { SubdomainResolverOptions } from "./subdomain-resolver.ts";
export { subdomainResolver } from "./subdomain-resolver.ts";
// Whose pages may read answers
export { type TenantOriginsOptions, tenantOrigins } from "./tenant-origins.ts";
// Trust
export { type TrustOptions, trusted } from "./trusted.ts";
export { wildcardDomainResolver } from "./wildcard-domain-resolver.ts";
