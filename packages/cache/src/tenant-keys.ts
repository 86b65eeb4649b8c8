import type { JsonValue, OutboxEntry, TenantReference } from "@af-tenancy/core";

/** The kinds of reference by which tenants are remembered; whatever else there is goes to the registry. */
type KeptBy = "id" | "slug" | "domain";

/** A reference that may be remembered. */
export interface KeptReference extends TenantReference {
  readonly by: KeptBy;
}

/** Tells whether a reference may be remembered: of a known kind, and no longer than anything that is registered. */
export function isKept(reference: TenantReference): reference is KeptReference {
  const { by, value } = reference;
  return (by === "domain" || by === "slug" || by === "id") && value.length <= 255;
}

/** One text for each reference; no two have the same, for a kind has no colon. */
export function keyOf({ by, value }: KeptReference): string {
  return `${by}:${value}`;
}

/** The key of a tenant's record. */
export function recordKey(id: string): string {
  return `id:${id}`;
}

/** Everything by which somebody may have remembered what a change is about, the tenant's record first. */
export function keysOf({ tenantId, payload }: OutboxEntry): readonly string[] {
  const { slugs, domains } = Object(payload) as { readonly [key: string]: JsonValue };
  return [
    recordKey(tenantId),
    ...texts(slugs).map((value) => keyOf({ by: "slug", value })),
    ...texts(domains).map((value) => keyOf({ by: "domain", value })),
  ];
}

function texts(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
