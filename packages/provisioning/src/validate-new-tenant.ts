import type { NewTenant } from "@af-tenancy/core";
import { checkedDomains } from "./checked-domains.ts";
import { checkedFlag } from "./checked-flag.ts";
import { checkedJsonObject } from "./checked-json.ts";
import { checkedText, textRules } from "./checked-text.ts";
import { checkedWish } from "./checked-wish.ts";
import { ownFields } from "./own-fields.ts";
import { refuse } from "./refuse.ts";

/** Gives a frozen copy of what a tenant is to be made from, without what is absent; throws `InvalidInputError`. */
export function validateNewTenant(input: unknown): NewTenant {
  const { slug, ...rest } = ownFields("tenant", input, known);
  const tenant: { -readonly [K in keyof NewTenant]: NewTenant[K] } = {
    slug: checkedText("slug", slug, textRules.slug),
  };
  for (const key of ["id", "name", "plan", "idempotencyKey"] as const) {
    if (rest[key] !== undefined) tenant[key] = checkedText(key, rest[key], textRules[key]);
  }
  if (rest.domains !== undefined) tenant.domains = checkedDomains("domains", rest.domains);
  if (rest.homepage !== undefined) tenant.homepage = checkedFlag("homepage", rest.homepage);
  if (rest.database !== undefined) tenant.database = checkedFlag("database", rest.database);
  if (tenant.database === false && rest.placement !== undefined) {
    refuse("placement", rest.placement, "a tenant without a database is not placed");
  }
  if (rest.metadata !== undefined) tenant.metadata = checkedJsonObject("metadata", rest.metadata);
  if (rest.placement !== undefined) tenant.placement = checkedWish("placement", rest.placement);
  return Object.freeze(tenant);
}

const known = [
  "slug",
  "id",
  "name",
  "domains",
  "plan",
  "metadata",
  "homepage",
  "placement",
  "database",
  "idempotencyKey",
] as const;
