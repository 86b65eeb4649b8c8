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
import { ConfigurationError } from "./errors/configuration-errors.ts";
import { TenantNotFoundError, TenantNotIdentifiedError } from "./errors/resolution-errors.ts";
import { findTenant } from "./find-tenant.ts";
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
    return resolver.resolve(request, this.#central.current ?? this.#central);
  }

  /** Gives the headers on which the answers of a resolver depend; `undefined` for none. */
  variesOf({ varies }: TenantResolver = this.#resolver): readonly string[] | undefined {
    return varies;
  }

  /**
   * Looks up whom a resolution means; `hinted` is its first candidate where that is known already. Throws
   * `TenantNotIdentifiedError`, `TenantNotFoundError`, `TenantConflictError`, `ForeignCredentialError`,
   * `RegistryUnavailableError`, or `ConfigurationError` for what is no resolution.
   */
  find(
    resolution: TenantResolution | undefined,
    resolver: TenantResolver = this.#resolver,
    hinted?: MaybePromise<T | undefined>,
  ): MaybePromise<T | null> {
    if (resolution === undefined) throw new TenantNotIdentifiedError(resolver.name);
    switch (resolution?.kind) {
      case "tenant":
        if (!Array.isArray(resolution.candidates)) throw noResolution(resolver, resolution);
        return this.#hintedOrFirst(hinted, resolution.candidates);
      case "central":
        return null;
      case "strict":
        if (!isFilled(resolution.opinions)) throw noResolution(resolver, resolution);
        return agreedTenant(resolution.opinions, (one) => this.find(one, resolver));
      case "nobody": {
        const { by, value } = resolution.reference;
        throw new TenantNotFoundError(by, value);
      }
      default:
        throw noResolution(resolver, resolution);
    }
  }

  #hintedOrFirst(
    hinted: MaybePromise<T | undefined>,
    candidates: readonly TenantReference[],
  ): MaybePromise<T> {
    if (hinted === undefined) return this.#first(candidates, 0);
    if (isThenable(hinted)) return hinted.then((tenant) => this.#hintedOrFirst(tenant, candidates));
    return isVisible(hinted) ? hinted : this.#first(candidates, 0);
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

/** Nobody's opinion would be taken for the central side. */
function isFilled(opinions: unknown): boolean {
  return Array.isArray(opinions) && opinions.length > 0;
}

/** Whoever is not to be known outside is no answer anywhere: not to a candidate, nor on the wrong side. */
function isVisible<T extends Tenant>(tenant: T | undefined): tenant is T {
  return tenant !== undefined && !isHidden(tenant.status);
}

/** A resolver of the application's own may give anything. */
function noResolution({ name }: TenantResolver, given: unknown): ConfigurationError {
  const { kind } = Object(given) as { readonly kind?: unknown };
  const shown =
    typeof kind === "string" ? JSON.stringify(kind.slice(0, 60)) : `of type ${typeof kind}`;
  return new ConfigurationError(
    "resolve",
    `the resolver "${name}", which gave no whole resolution (its kind is ${shown})`,
    'have it give { kind: "tenant", candidates }, { kind: "nobody", reference }, { kind: "central" }, ' +
      '{ kind: "strict", opinions }, or undefined.',
  );
}
