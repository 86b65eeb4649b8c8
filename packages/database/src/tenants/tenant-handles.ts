import type { Placement, TenantDatabase } from "@af-tenancy/core";
import type { TenantHandle } from "./tenant-handle.ts";

type MakeHandle = (database: TenantDatabase) => TenantHandle;

/**
 * Keeps the handles of tenant databases: those that somebody counts on, and `maxIdle` others, of which the one counted
 * on longest ago is forgotten first.
 */
export class TenantHandles {
  readonly #maxIdle: number;
  readonly #make: MakeHandle;
  readonly #handles = new Map<string, TenantHandle>();
  readonly #byPlacement = new WeakMap<Placement, TenantHandle>();
  /** The one that was released longest ago comes first. */
  readonly #idle = new Set<TenantHandle>();

  constructor(maxIdle: number, make: MakeHandle) {
    this.#maxIdle = maxIdle;
    this.#make = make;
  }

  /** Counts on a tenant's handle until `release`; opens nothing. */
  retain(database: TenantDatabase): TenantHandle {
    const handle = this.#latest(database) ?? this.#find(database);
    if (handle.references === 0) this.#idle.delete(handle);
    handle.references += 1;
    return handle;
  }

  /** Stops counting on a handle; one whose owner was never checked is forgotten at once. */
  release(handle: TenantHandle): void {
    handle.references -= 1;
    if (handle.references > 0) return;
    this.#idle.add(handle);
    if (!handle.checked) this.#forget(handle);
    else if (this.#idle.size > this.#maxIdle) this.#forgetLongestAgo();
  }

  /** Forgets every handle, and has those that somebody counts on checked again. */
  clear(): void {
    for (const handle of this.#idle) this.#forget(handle);
    for (const handle of this.#handles.values()) handle.recheck();
  }

  /** The handle that the same placement object led to before: a tenant that comes often is not looked up each time. */
  #latest({ tenantId, placement }: TenantDatabase): TenantHandle | undefined {
    const handle = this.#byPlacement.get(placement);
    return handle?.database.tenantId === tenantId && !handle.retired ? handle : undefined;
  }

  #find(database: TenantDatabase): TenantHandle {
    const key = keyOf(database);
    let handle = this.#handles.get(key);
    if (handle === undefined) {
      handle = this.#make(database);
      this.#handles.set(key, handle);
    }
    this.#byPlacement.set(database.placement, handle);
    return handle;
  }

  #forgetLongestAgo(): void {
    const [longestAgo] = this.#idle;
    if (longestAgo !== undefined) this.#forget(longestAgo);
  }

  #forget(handle: TenantHandle): void {
    handle.retired = true;
    this.#idle.delete(handle);
    this.#handles.delete(keyOf(handle.database));
  }
}

/** Whose it is belongs to the key: a tenant that is placed on another's database gets a handle, and its marker check. */
function keyOf({ tenantId, placement }: TenantDatabase): string {
  const { server, strategy, name, generation, secret = "" } = placement;
  return [tenantId, generation, server, strategy, name, secret].join("\0");
}
