import type { ResolverOpinion, TenantResolution } from "./contracts/resolver.ts";
import type { Tenant } from "./contracts/tenant.ts";
import { TenantConflictError, TenantNotFoundError } from "./errors/resolution-errors.ts";
import { isThenable, type MaybePromise } from "./maybe-promise.ts";

/**
 * Looks up all opinions and gives the one tenant that they mean; `null` when all of them mean the central side. Throws
 * `TenantConflictError` when they differ, also between a tenant and nobody: told apart, that would show who exists.
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
  if (meant.some((one) => nameOf(one) !== nameOf(first))) {
    throw new TenantConflictError(
      opinions.map(({ resolver }, index) => `${resolver}: ${nameOf(meant[index] ?? null)}`),
    );
  }
  if (first instanceof TenantNotFoundError) throw first;
  return first;
}

function nameOf<T extends Tenant>(meant: Meant<T>): string {
  if (meant === null) return "central";
  return meant instanceof TenantNotFoundError ? "nobody" : JSON.stringify(meant.id);
}
