import { isHidden } from "./admission.ts";
import { agreedTenant } from "./agreed-tenant.ts";
import type {
  CentralDomains,
  TenancyRequest,
  TenantResolution,
  TenantResolver,
} from "./contracts/resolver.ts";
import type { TenantStore } from "./contracts/store.ts";
import type { Tenant, TenantReference } from "./contracts/tenant.ts";
import {
  RegistryUnavailableError,
  TenantNotFoundError,
  TenantNotIdentifiedError,
} from "./errors/resolution-errors.ts";
import { isTenancyError } from "./errors/tenancy-error.ts";
import { isThenable, type MaybePromise } from "./maybe-promise.ts";

/** Finds the tenant of a request: the resolver's candidates, looked up in the store; `null` is the central side. */
export class Identification<T extends Tenant> {
  readonly #resolver: TenantResolver;
  readonly #central: CentralDomains;
  readonly #store: TenantStore<T>;

  constructor(resolver: TenantResolver, central: CentralDomains, store: TenantStore<T>) {
    this.#resolver = resolver;
    this.#central = central;
    this.#store = store;
  }

  /** Asks the resolver, the tenancy's own when none is given; throws what it throws. */
  resolve(
    request: TenancyRequest,
    resolver: TenantResolver = this.#resolver,
  ): MaybePromise<TenantResolution | undefined> {
    return resolver.resolve(request, this.#central);
  }

  /**
   * Looks up whom a resolution means; throws `TenantNotIdentifiedError`, `TenantNotFoundError`, `TenantConflictError` or
   * `RegistryUnavailableError`.
   */
  find(
    resolution: TenantResolution | undefined,
    resolver: TenantResolver = this.#resolver,
  ): MaybePromise<T | null> {
    if (resolution === undefined) throw new TenantNotIdentifiedError(resolver.name);
    if (resolution.kind === "tenant") return this.#first(resolution.candidates, 0);
    if (resolution.kind === "central") return null;
    if (resolution.kind === "strict") {
      return agreedTenant(resolution.opinions, (one) => this.find(one));
    }
    const { by, value } = resolution.reference;
    throw new TenantNotFoundError(by, value);
  }

  #first(candidates: readonly TenantReference[], from: number): MaybePromise<T> {
    for (let i = from; i < candidates.length; i++) {
      const candidate = candidates[i] as TenantReference;
      const found = findTenant(this.#store, candidate);
      if (isThenable(found)) {
        return found.then((tenant) =>
          isVisible(tenant) ? tenant : this.#first(candidates, i + 1),
        );
      }
      if (isVisible(found)) return found;
    }
    const { by, value } = candidates[0] ?? { by: "reference", value: "" };
    throw new TenantNotFoundError(by, value);
  }
}

/** Whoever is not to be known outside is no answer anywhere: not to a candidate, nor on the wrong side. */
function isVisible<T extends Tenant>(tenant: T | undefined): tenant is T {
  return tenant !== undefined && !isHidden(tenant.status);
}

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
