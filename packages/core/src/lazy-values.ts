import type { LazyValue, TenancyBootstrapper } from "./contracts/bootstrapper.ts";
import type { Tenant } from "./contracts/tenant.ts";
import { ValueExistsError } from "./errors/context-errors.ts";

/** The values that bootstrappers have in every scope, by their keys. */
export type LazyValues = ReadonlyMap<symbol, LazyValue>;

/** Gathers the values of bootstrappers; throws `ValueExistsError` where two have one key. */
export function lazyValuesOf<T extends Tenant>(
  bootstrappers: readonly TenancyBootstrapper<T>[],
): LazyValues {
  const values = new Map<symbol, LazyValue>();
  for (const value of bootstrappers.flatMap(({ values = [] }) => values)) {
    if (values.has(value.key)) throw new ValueExistsError(value.key.description ?? "unnamed");
    values.set(value.key, value as LazyValue);
  }
  return values;
}
