import {
  type ApplicationCaches,
  ConfigurationError,
  lazyValue,
  TENANT_CACHES,
  type TenancyBootstrapper,
  type TenancyComponent,
} from "@af-tenancy/core";

/**
 * Gives each tenant its caches when it is entered, and has their stores begin and end with the tenancy. The caches are
 * what `applicationCaches` of `@af-tenancy/cache` makes, or your own.
 *
 * @example createTenancy({ store, bootstrappers: [cacheBootstrapper(caches)] });
 * @throws ConfigurationError when it is given no caches
 */
export function cacheBootstrapper(
  caches: ApplicationCaches,
): TenancyBootstrapper & TenancyComponent {
  if (typeof caches?.enter !== "function") {
    const remedy = "pass what applicationCaches() gave.";
    throw new ConfigurationError("cacheBootstrapper", "given no caches", remedy);
  }
  return {
    name: "cache",
    values: [lazyValue(TENANT_CACHES, (get, scope) => caches.enter(scope, get))],
    attach: (host) => caches.attach?.(host),
    start: () => caches.start?.(),
    close: () => caches.close?.(),
  };
}
