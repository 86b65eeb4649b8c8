import type { ResolverOpinion, TenantResolution } from "./contracts/resolver.ts";
import type { Tenant } from "./contracts/tenant.ts";
import {
  ForeignCredentialError,
  TenantConflictError,
  TenantNotFoundError,
} from "./errors/resolution-errors.ts";
import { isThenable, type MaybePromise } from "./maybe-promise.ts";

/**
 * Looks up all opinions and gives the one tenant that they mean; `null` when all of them mean the central side. Throws
 * `ForeignCredentialError` when only credentials differ from the others, `TenantConflictError` when these differ, also
 * between a tenant and nobody: told apart, that would show who exists.
 */
export function agreedTenant<T extends Tenant>(
  opinions: readonly ResolverOpinion[],
  find: (resolution: TenantResolution) => MaybePromise<T | null>,
): MaybePromise<T | null> {
  const [only] = opinions;
  if (only !== undefined && opinions.length === 1) return find(only.resolution);
  const meant: Meant<T>[] = [];
  for (const [index, { resolution }] of opinions.entries()) {
    const one = meantBy(() => find(resolution));
    // One after the other, so that no rejection is left alone when another one throws.
    if (isThenable(one)) return agreedLater(opinions, find, meant, one, index + 1);
    meant.push(one);
  }
  return agreed(opinions, meant);
}

/** Whom an opinion means; an unknown tenant is an answer too. */
type Meant<T> = T | null | TenantNotFoundError;

async function agreedLater<T extends Tenant>(
  opinions: readonly ResolverOpinion[],
  find: (resolution: TenantResolution) => MaybePromise<T | null>,
  meant: Meant<T>[],
  waitingFor: PromiseLike<Meant<T>>,
  from: number,
): Promise<T | null> {
  meant.push(await waitingFor);
  for (const { resolution } of opinions.slice(from)) {
    meant.push(await meantBy(() => find(resolution)));
  }
  return agreed(opinions, meant);
}

function meantBy<T extends Tenant>(find: () => MaybePromise<T | null>): MaybePromise<Meant<T>> {
  try {
    const found = find();
    return isThenable(found) ? found.then(undefined, orUnknown) : found;
  } catch (error) {
    return orUnknown(error);
  }
}

function orUnknown(error: unknown): TenantNotFoundError {
  if (error instanceof TenantNotFoundError) return error;
  throw error;
}

function agreed<T extends Tenant>(
  opinions: readonly ResolverOpinion[],
  meant: readonly Meant<T>[],
): T | null {
  const [first = null] = meant;
  if (!isOne(meant)) {
    const told = opinions.map(({ resolver }, at) => `${resolver}: ${nameOf(meant[at] ?? null)}`);
    const unsigned = meant.filter((_, at) => !isCredential(opinions[at]?.resolution));
    throw isOne(unsigned) ? new ForeignCredentialError(told) : new TenantConflictError(told);
  }
  if (first instanceof TenantNotFoundError) throw first;
  return first;
}

function isOne<T extends Tenant>(meant: readonly Meant<T>[]): boolean {
  return new Set(meant.map(nameOf)).size <= 1;
}

function isCredential(resolution: TenantResolution | undefined): boolean {
  if (resolution?.kind === "strict") {
    // They agree by now, so that one which nobody signed says the same without the others.
    return resolution.opinions.every((opinion) => isCredential(opinion.resolution));
  }
  return resolution?.kind === "tenant" && resolution.isCredential === true;
}

function nameOf<T extends Tenant>(meant: Meant<T>): string {
  if (meant === null) return "central";
  return meant instanceof TenantNotFoundError ? "nobody" : JSON.stringify(meant.id);
}
