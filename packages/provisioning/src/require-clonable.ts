import {
  type Placement,
  TenantNotClonableError,
  TenantNotFoundError,
  type TenantRecord,
} from "@af-tenancy/core";
import type { Workplace } from "./workplace.ts";

/**
 * Gives the tenant that is to be cloned, as the registry has it now. Throws `TenantNotFoundError`, and
 * `TenantNotClonableError` where it is not active or its data cannot be copied.
 */
export async function requireClonable(
  { registry, databases }: Pick<Workplace, "registry" | "databases">,
  id: string,
): Promise<TenantRecord> {
  const source = await registry.store.find({ by: "id", value: id });
  if (source === undefined) throw new TenantNotFoundError("id", id);
  const { status, placement } = source;
  if (status !== "active") {
    throw new TenantNotClonableError(id, `it is "${status}", and only active tenants are`);
  }
  if (placement === undefined) return source;
  if (databases.copyRows === undefined && databases.manager(placement).createFrom === undefined) {
    const how = `the driver "${placement.driver}" copies no such data as it is configured`;
    throw new TenantNotClonableError(id, how);
  }
  return source;
}

/** What a clone's placement has in common with that of the tenant that it is a copy of, unless it is wished otherwise. */
export function sameKind({ driver, strategy, server }: Placement): Partial<Placement> {
  return { driver, strategy, server };
}
