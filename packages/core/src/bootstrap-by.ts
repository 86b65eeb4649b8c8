import type { Scope, TenancyBootstrapper, Undo } from "./contracts/bootstrapper.ts";
import type { Tenant } from "./contracts/tenant.ts";
import type { MaybePromise } from "./maybe-promise.ts";

/**
 * For a bootstrapper that stands for several: gives a scope what one of them would, its values first. Throws
 * `ValueExistsError`, and what that one throws.
 *
 * @example { name: "database", bootstrap: (scope) => bootstrapBy(driverOf(scope.tenant).bootstrapper, scope) }
 */
export function bootstrapBy<T extends Tenant>(
  bootstrapper: TenancyBootstrapper<T>,
  scope: Scope<T>,
): MaybePromise<Undo | void> {
  const { values = [] } = bootstrapper;
  for (const { key, create, dispose } of values) scope.provide(key, create, dispose);
  return bootstrapper.bootstrap?.(scope);
}
