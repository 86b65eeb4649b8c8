import {
  type AdoptedTenant,
  DatabaseOwnedError,
  type DatabaseOwner,
  InvalidInputError,
  type TenantDatabase,
  type TenantRecord,
} from "@af-tenancy/core";
import { assertAllowedNames } from "./allowed-names.ts";
import { makeTenant } from "./make-tenant.ts";
import { validateAdoption } from "./validate-adoption.ts";
import type { Workplace } from "./workplace.ts";

/**
 * Makes a tenant of a database that is there already, or gives the one that the same idempotency key made before. Whose
 * database it is, is looked at before anything is written.
 */
export async function adoptTenant(
  workplace: Workplace,
  wanted: AdoptedTenant,
): Promise<TenantRecord> {
  await assertAllowedNames(workplace, wanted);
  return makeTenant(workplace, {
    kind: "adopt",
    input: validateAdoption(wanted),
    prepare: (tenant) => withFreeDatabase(workplace, tenant),
    entry: "adopted",
  });
}

/** A marker of the same tenant is from an earlier registry: its generation is over then. */
async function withFreeDatabase(
  { databases }: Workplace,
  tenant: TenantRecord,
): Promise<TenantRecord> {
  const { id: tenantId, placement } = tenant;
  if (placement === undefined) return tenant;
  const manager = databases.manager(placement);
  if (manager.adopt === undefined) {
    const rule = `the driver "${placement.driver}" adopts no such database as it is configured`;
    throw new InvalidInputError("placement.strategy", placement.strategy, rule);
  }
  const found = await manager.inspect({ tenantId, placement });
  if (found === undefined) {
    throw new InvalidInputError("placement.name", placement.name, "there is none of this name");
  }
  const generation = nextGeneration({ tenantId, placement }, found.owner);
  return { ...tenant, placement: { ...placement, generation } };
}

function nextGeneration(
  { tenantId, placement: { name, generation } }: TenantDatabase,
  owner: DatabaseOwner | undefined,
): number {
  if (owner === undefined) return generation;
  if (owner.tenantId === tenantId) return owner.generation + 1;
  throw new DatabaseOwnedError(name, `tenant "${owner.tenantId}", generation ${owner.generation}`);
}
