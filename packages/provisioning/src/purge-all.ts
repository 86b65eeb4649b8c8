import { createHash } from "node:crypto";
import {
  type FailedPurge,
  type JsonValue,
  PlanChangedError,
  type PurgeAllOptions,
  type PurgeOptions,
  type PurgeReport,
  type TenantRecord,
  type TenantReference,
} from "@af-tenancy/core";
import { assertPurgeable } from "./assert-purgeable.ts";
import { canonicalJson } from "./canonical-json.ts";
import { purgeTenant } from "./purge-tenant.ts";
import { refuse } from "./refuse.ts";
import { requireTenant } from "./require-tenant.ts";
import { validatePurgeAll } from "./validate-purge.ts";
import type { Workplace } from "./workplace.ts";

/**
 * Purges several tenants, one after the other, or says which it would be. Everything that can be wrong with the list is
 * found before the first one is touched; what fails then does not keep the others.
 */
export async function purgeAll(
  workplace: Workplace,
  references: readonly TenantReference[],
  wanted?: PurgeAllOptions,
): Promise<PurgeReport> {
  const { plan: given, ...options } = validatePurgeAll(wanted);
  const tenants = await find(workplace, checkedReferences(references, workplace.maxPurge));
  for (const tenant of tenants) assertPurgeable(tenant, options, workplace.clock.now());
  const plan = planOf(tenants, options);
  if (given === undefined) return { plan, tenants, purged: [], failed: [] };
  if (given !== plan) throw new PlanChangedError(given);

  const purged: string[] = [];
  const failed: FailedPurge[] = [];
  for (const { id } of tenants) {
    workplace.closing.throwIfAborted();
    try {
      await purgeTenant(workplace, id, options);
      purged.push(id);
    } catch (error) {
      failed.push({ tenantId: id, error });
    }
  }
  return { plan, tenants, purged, failed };
}

/** All of one kind, so that an id of something else is never taken for a slug. */
function checkedReferences(references: unknown, max: number): readonly TenantReference[] {
  if (!Array.isArray(references) || references.length === 0 || references.length > max) {
    refuse("tenants", references, `give an array of 1 to ${max} references`);
  }
  const [first] = references as Partial<TenantReference>[];
  return references.map((reference: unknown, index) => {
    const { by, value } = Object(reference) as Partial<TenantReference>;
    if (typeof by !== "string" || typeof value !== "string") {
      refuse(`tenants[${index}]`, reference, 'give a reference such as { by: "id", value }');
    }
    if (by !== first?.by) refuse(`tenants[${index}].by`, by, "name all tenants by the same");
    return { by, value };
  });
}

async function find(
  workplace: Workplace,
  references: readonly TenantReference[],
): Promise<readonly TenantRecord[]> {
  const tenants = new Map<string, TenantRecord>();
  for (const [index, reference] of references.entries()) {
    const tenant = await requireTenant(workplace, reference);
    if (tenants.has(tenant.id)) {
      refuse(`tenants[${index}]`, reference.value, "it stands in the list twice");
    }
    tenants.set(tenant.id, tenant);
  }
  return [...tenants.values()];
}

/** Whatever changed since somebody looked at the plan makes it another one. */
function planOf(tenants: readonly TenantRecord[], options: Required<PurgeOptions>): string {
  const states = tenants.map(({ id, slug, status, version }) => ({ id, slug, status, version }));
  const planned = canonicalJson({ states, options } as unknown as JsonValue);
  return createHash("sha256").update(planned).digest("base64url");
}
