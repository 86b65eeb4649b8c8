import type { TenantResolver } from "./contracts/resolver.ts";
import { ConfigurationError } from "./errors/configuration-errors.ts";

/** Throws `ConfigurationError` for a resolver that believes what anybody can set. */
export function assertTrusted(key: string, resolver: Partial<TenantResolver> | undefined): void {
  const spoofable: unknown = resolver?.spoofable;
  if (spoofable === undefined) return;
  throw new ConfigurationError(
    key,
    `a resolver that believes ${String(spoofable)}, which anybody can set`,
    "wrap it in trusted(resolver, { peers }) or trusted(resolver, { anyone: why }) where that is meant.",
  );
}
