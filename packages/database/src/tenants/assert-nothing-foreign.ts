import { isRaw, Reference, Utils, wrap } from "@mikro-orm/sql";
import { assertNotForeign } from "./assert-own.ts";
import type { ScopeBinding } from "./scope-binding.ts";

/**
 * Throws `TenantMismatchError` when another tenant's entity stands anywhere in data or a condition, where MikroORM would
 * take it for its key. Goes into lists, plain objects, embeddables, collections and raw fragments; of an entity it looks
 * at the one itself.
 */
export function assertNothingForeign(binding: ScopeBinding, value: unknown): void {
  if (typeof value === "object" && value !== null) look(binding, value, undefined);
}

/** Throws `TenantMismatchError` when one of the entities is another tenant's, or refers to such a one. */
export function assertRelationsOwn(binding: ScopeBinding, value: unknown): void {
  for (const one of Array.isArray(value) ? value : [value]) {
    if (!Utils.isEntity<object>(one)) continue;
    for (const { name } of wrap(one, true).__meta.relations) {
      assertNothingForeign(binding, Reflect.get(one, name));
    }
  }
}

/** `known` are the objects that were looked into before: a circle is MikroORM's to refuse. */
function look(binding: ScopeBinding, value: object, known: Set<object> | undefined): void {
  if (Utils.isEntity<object>(value, true)) {
    assertNotForeign(binding, Reference.unwrapReference<object>(value));
    return;
  }
  const items = itemsOf(value);
  if (items === undefined || known?.has(value)) return;
  let seen = known;
  for (const item of items) {
    if (typeof item !== "object" || item === null) continue;
    seen ??= new Set();
    seen.add(value);
    look(binding, item, seen);
  }
}

/** What stands in it; `undefined` where there is nothing to look for. */
function itemsOf(value: object): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (Utils.isCollection<object>(value)) return value.getItems(false);
  if (isRaw(value)) return value.params;
  if (!Utils.isPlainObject(value) && !("__meta" in value)) return undefined;
  const items: unknown[] = Object.values(value);
  // Raw fragments are symbols where they are keys.
  for (const key of Object.getOwnPropertySymbols(value)) items.push(Reflect.get(value, key));
  return items;
}
