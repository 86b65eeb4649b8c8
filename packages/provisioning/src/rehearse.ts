import {
  DatabaseOwnedError,
  DomainTakenError,
  type NewTenant,
  type Placement,
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
  const { registry } = workplace;
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
  if (database !== false) await rehearsePlace(workplace, id, placement);
}

/** A generated name is nobody's; whether the server has a database of a wished one is not asked. */
async function rehearsePlace(
  { registry, databases }: Workplace,
  id: string | undefined,
  wish: Partial<Placement> | undefined,
): Promise<void> {
  const placement = databases.place(id ?? "rehearsal", 1, wish);
  if (wish?.name === undefined) return;
  const known = await registry.transaction(({ ledger }) => ledger.find(placement));
  if (known === undefined || known.tenantId === id) return;
  throw new DatabaseOwnedError(placement.name, `tenant "${known.tenantId}"`);
}
