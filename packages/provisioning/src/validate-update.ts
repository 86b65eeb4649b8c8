import type { TenantUpdate } from "@af-tenancy/core";
import { checkedDomains } from "./checked-domains.ts";
import { checkedFlag } from "./checked-flag.ts";
import { checkedJsonObject } from "./checked-json.ts";
import { checkedText, textRules } from "./checked-text.ts";
import { ownFields } from "./own-fields.ts";
import { refuse } from "./refuse.ts";

/**
 * Gives a frozen copy of the changes to a tenant; throws `InvalidInputError`. An explicit `plan: undefined` takes the
 * plan away; every other field that is `undefined` stays as it is.
 */
export function validateUpdate(changes: unknown): TenantUpdate {
  const fields = ownFields("changes", changes, known);
  const update: { -readonly [K in keyof TenantUpdate]: TenantUpdate[K] } = {};
  for (const key of ["slug", "name", "plan"] as const) {
    if (fields[key] !== undefined) update[key] = checkedText(key, fields[key], textRules[key]);
  }
  if (fields.plan === undefined && Object.hasOwn(Object(changes), "plan")) update.plan = undefined;
  if (fields.homepage !== undefined) update.homepage = checkedFlag("homepage", fields.homepage);
  if (fields.metadata !== undefined)
    update.metadata = checkedJsonObject("metadata", fields.metadata);
  if (fields.domains !== undefined) update.domains = checkedDomains("domains", fields.domains);
  if (fields.expectedDomains !== undefined) {
    if (fields.domains === undefined) {
      refuse("expectedDomains", fields.expectedDomains, "give the new list in domains as well");
    }
    update.expectedDomains = checkedDomains("expectedDomains", fields.expectedDomains);
  }
  const { idempotencyKey } = fields;
  if (idempotencyKey !== undefined) {
    update.idempotencyKey = checkedText("idempotencyKey", idempotencyKey, textRules.idempotencyKey);
  }
  return Object.freeze(update);
}

const known = [
  "slug",
  "name",
  "plan",
  "metadata",
  "homepage",
  "domains",
  "expectedDomains",
  "idempotencyKey",
] as const;
