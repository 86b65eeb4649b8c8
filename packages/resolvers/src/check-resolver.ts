import { ConfigurationError, type TenantResolver } from "@af-tenancy/core";

/** Throws `ConfigurationError` for what is no resolver. */
export function checkResolver(key: string, resolver: Partial<TenantResolver> | null): void {
  if (typeof resolver?.resolve === "function" && typeof resolver.name === "string") return;
  throw new ConfigurationError(
    key,
    "no resolver",
    "pass what has a name and a resolve function, such as domainResolver().",
  );
}

/** Checks resolvers that stand together: at least one, each with a name of its own. Throws `ConfigurationError`. */
export function checkResolvers(key: string, resolvers: readonly TenantResolver[]): void {
  for (const [index, resolver] of resolvers.entries()) checkResolver(`${key}[${index}]`, resolver);
  if (resolvers.length === 0) {
    throw new ConfigurationError(key, "empty", "give it at least one resolver.");
  }
  const names = resolvers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new ConfigurationError(
    `${key}[${names.lastIndexOf(twice)}].name`,
    `"${twice}", like that of an earlier resolver`,
    "give each resolver its own name.",
  );
}

/** Names the headers on which any of these resolvers depends, each once. */
export function variesOf(resolvers: readonly TenantResolver[]): readonly string[] | undefined {
  const all = new Set(resolvers.flatMap(({ varies = [] }) => varies));
  return all.size === 0 ? undefined : [...all];
}

/** Names what anybody can set among all that these resolvers believe. */
export function spoofableOf(resolvers: readonly TenantResolver[]): string | undefined {
  const all = resolvers.map(({ spoofable }) => spoofable).filter((one) => one !== undefined);
  return all.length === 0 ? undefined : all.join(" and ");
}
