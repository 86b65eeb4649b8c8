import type { Placement, TenantDatabase } from "@af-tenancy/core";
import { LinkedList } from "../connection/linked-list.ts";
import type { TenantHandle } from "./tenant-handle.ts";

type MakeHandle = (database: TenantDatabase) => TenantHandle;

/**
 * Keeps the handles of tenant databases: those that somebody counts on, and `maxIdle` others, of which the one counted
 * on longest ago is forgotten first.
 */
export class TenantHandles {
  readonly #maxIdle: number;
  readonly #make: MakeHandle;
  readonly #now: () => number;
  readonly #handles = new Map<string, Kept>();
  readonly #byPlacement = new WeakMap<Placement, TenantHandle>();
  /** The one that was released longest ago comes first. */
  readonly #idle = new LinkedList<TenantHandle>();

  constructor(maxIdle: number, now: () => number, make: MakeHandle) {
    this.#maxIdle = maxIdle;
    this.#now = now;
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
    if (handle.references > 0 || handle.retired) return;
    this.#idle.add(handle);
    if (!handle.checked) this.#forget(handle);
    else if (this.#idle.size > this.#maxIdle) this.#forgetLongestAgo();
  }

  /** Forgets every handle, and has those that somebody counts on checked again. */
  clear(): void {
    for (const handle of this.#idle) this.#forget(handle);
    for (const { handle } of this.#handles.values()) handle.recheck();
  }

  /** The handle that the same placement object led to before: a tenant that comes often is not looked up each time. */
  #latest({ tenantId, placement }: TenantDatabase): TenantHandle | undefined {
    const handle = this.#byPlacement.get(placement);
    return handle?.database.tenantId === tenantId && !handle.retired ? handle : undefined;
  }

  #find(database: TenantDatabase): TenantHandle {
    const key = keyOf(database);
    const { secret } = database.placement;
    let kept = this.#handles.get(key);
    if (kept === undefined || kept.isRotatedTo(secret, this.#now())) {
      const former = kept;
      kept = new Kept(this.#make(database), former, this.#now());
      this.#handles.set(key, kept);
      former?.handle.succeedBy(kept.handle);
      if (former !== undefined) this.#idle.delete(former.handle);
    }
    this.#byPlacement.set(database.placement, kept.handle);
    return kept.handle;
  }

  #forgetLongestAgo(): void {
    if (this.#idle.first !== undefined) this.#forget(this.#idle.first);
  }

  #forget(handle: TenantHandle): void {
    handle.retire();
    this.#idle.delete(handle);
    this.#handles.delete(keyOf(handle.database));
    // Whoever keeps the tenant's record would keep the handle with it.
    this.#byPlacement.delete(handle.database.placement);
  }
}

/** A handle, and the credentials before its own, which tenants that were read a while ago still name. */
class Kept {
  readonly handle: TenantHandle;
  readonly #formerSecret: string | undefined;
  readonly #since: number;

  constructor(handle: TenantHandle, former: Kept | undefined, now: number) {
    this.handle = handle;
    this.#formerSecret = former?.handle.database.placement.secret;
    this.#since = now;
  }

  /** The credentials are others, and not those of before that a cache still had. */
  isRotatedTo(secret: string | undefined, now: number): boolean {
    if (secret === this.handle.database.placement.secret) return false;
    return secret !== this.#formerSecret || now - this.#since > stale;
  }
}

/** Milliseconds for which a tenant's record may still come out of a cache after it was changed. */
const stale = 60_000;

/** Whose it is belongs to the key: a tenant that is placed on another's database gets a handle, and its marker check. */
function keyOf({ tenantId, placement }: TenantDatabase): string {
  const { server, strategy, name, generation } = placement;
  return [tenantId, generation, server, strategy, name].join("\0");
}
