import { TenantMismatchError } from "@af-tenancy/core";
import { Reference, SqlEntityManager, Utils } from "@mikro-orm/sql";
import { bindingOf } from "./driver-facades.ts";
import { managerOf } from "./mikro-orm-internals.ts";
import type { ScopeBinding } from "./scope-binding.ts";

/** The scope that an entity manager belongs to; `undefined` for one that is no tenant's. */
export function bindingOfManager(em: unknown): ScopeBinding | undefined {
  if (!(em instanceof SqlEntityManager)) return undefined;
  return bindingOf(em.getDriver()) as ScopeBinding | undefined;
}

/** Throws `TenantMismatchError` when an entity, or one in a list of them, belongs to another tenant than the manager. */
export function assertOwn(em: unknown, value: unknown): void {
  const binding = bindingOfManager(em);
  if (binding !== undefined) claim(binding, value);
}

/** Throws `TenantMismatchError` when the entity belongs to another tenant; tells whether it belongs to any. */
export function assertNotForeign(binding: ScopeBinding, entity: object): boolean {
  const owner =
    bindingOfManager(managerOf(entity))?.tenantId ?? binding.shared.newcomers.get(entity);
  if (owner === undefined || owner === binding.tenantId) return owner !== undefined;
  throw new TenantMismatchError(`The entity ${entity.constructor.name}`, owner, binding.tenantId);
}

function claim(binding: ScopeBinding, value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) claim(binding, item);
    return;
  }
  if (typeof value !== "object" || !Utils.isEntity(value, true)) return;
  const entity = Reference.unwrapReference<object>(value);
  if (!assertNotForeign(binding, entity)) binding.shared.newcomers.set(entity, binding.tenantId);
}
