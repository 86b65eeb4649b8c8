import type { TenantStore } from "./contracts/store.ts";
import type { Tenant, TenantReference } from "./contracts/tenant.ts";
import { RegistryUnavailableError } from "./errors/resolution-errors.ts";
import { isTenancyError } from "./errors/tenancy-error.ts";
import { isThenable, type MaybePromise } from "./maybe-promise.ts";

/** Asks the store; what fails there is a `RegistryUnavailableError`, never an unknown tenant. */
export function findTenant<T extends Tenant>(
  store: TenantStore<T>,
  reference: TenantReference,
): MaybePromise<T | undefined> {
  try {
    const found = store.find(reference);
    return isThenable(found)
      ? found.then((tenant) => tenant ?? undefined, unavailable)
      : (found ?? undefined);
  } catch (error) {
    return unavailable(error);
  }
}

function unavailable(cause: unknown): never {
  if (isTenancyError(cause)) throw cause;
  throw new RegistryUnavailableError({ cause });
}
