import { ConfigurationError, type TenantResolution } from "@af-tenancy/core";

/** Throws `ConfigurationError` for an object that a function of the application gave and that is no resolution. */
export function checkResolution(key: string, given: object): asserts given is TenantResolution {
  if (isResolution(given)) return;
  const { kind } = given as { readonly kind?: unknown };
  const shown =
    typeof kind === "string" ? JSON.stringify(kind.slice(0, 60)) : `of type ${typeof kind}`;
  throw new ConfigurationError(
    key,
    `a function that gave no resolution (its kind is ${shown})`,
    'have it give { kind: "tenant", candidates: [{ by, value }] }, { kind: "nobody", reference: { by, value } }, ' +
      '{ kind: "central" } or { kind: "strict", opinions }.',
  );
}

function isResolution(given: unknown): boolean {
  if (typeof given !== "object" || given === null) return false;
  const { kind, candidates, url, reference, opinions } = given as Record<string, unknown>;
  if (kind === "central") return true;
  if (kind === "nobody") return isReference(reference);
  if (kind === "strict") return Array.isArray(opinions) && opinions.every(isOpinion);
  if (kind !== "tenant" || !Array.isArray(candidates)) return false;
  return candidates.every(isReference) && (url === undefined || typeof url === "string");
}

function isReference(given: unknown): boolean {
  const { by, value } = (given ?? {}) as Record<string, unknown>;
  return typeof by === "string" && typeof value === "string";
}

function isOpinion(given: unknown): boolean {
  const { resolver, resolution } = (given ?? {}) as Record<string, unknown>;
  return typeof resolver === "string" && isResolution(resolution);
}
