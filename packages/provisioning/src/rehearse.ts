import {
  DomainTakenError,
  type NewTenant,
  SlugTakenError,
  TenantExistsError,
  type TenantLike,
  type TenantUpdate,
} from "@af-tenancy/core";
import { assertAllowedNames } from "./allowed-names.ts";
import { requireTenant } from "./require-tenant.ts";
import { validateNewTenant } from "./validate-new-tenant.ts";
import { validateUpdate } from "./validate-update.ts";
import type { Workplace } from "./workplace.ts";

/**
 * Throws what a new tenant, or a change of one that is there, would be refused for, as far as that can be told without
 * writing anything.
 */
export async function rehearse(
  workplace: Workplace,
  wanted: NewTenant | TenantUpdate,
  tenant?: TenantLike,
): Promise<void> {
  await assertAllowedNames(workplace, wanted);
  const { registry, databases } = workplace;
  const owner = tenant === undefined ? undefined : await requireTenant(workplace, tenant);
  const checked = owner === undefined ? validateNewTenant(wanted) : validateUpdate(wanted);
  const { slug, domains = [] } = checked;
  if (slug !== undefined) {
    const holder = await registry.store.find({ by: "slug", value: slug });
    if (holder !== undefined && holder.id !== owner?.id) throw new SlugTakenError(slug);
  }
  for (const name of domains) {
    const known = await registry.transaction((transaction) => transaction.domains.find(name));
    if (known !== undefined && known.tenantId !== owner?.id) throw new DomainTakenError(name);
  }
  if (owner !== undefined) return;
  const { id, database, placement } = checked as NewTenant;
  if (id !== undefined && (await registry.store.find({ by: "id", value: id })) !== undefined) {
    throw new TenantExistsError(id);
  }
  if (database !== false) databases.place(id ?? "rehearsal", 1, placement);
}
