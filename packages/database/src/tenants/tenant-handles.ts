import { outsideTenancy, type Placement, type TenantDatabase } from "@af-tenancy/core";
import type { HandleListener, TenantHandle } from "./tenant-handle.ts";

type MakeHandle = (database: TenantDatabase, listener: HandleListener) => TenantHandle;

/**
 * Keeps the handles of tenant databases: at most `maxOpen` are open while nobody counts on them, the least recently
 * used ones are closed first and never on the way of a request. A handle that somebody counts on is never closed.
 */
export class TenantHandles {
  readonly #maxOpen: number;
  readonly #make: MakeHandle;
  readonly #handles = new Map<string, TenantHandle>();
  readonly #byPlacement = new WeakMap<Placement, TenantHandle>();
  readonly #listener: HandleListener = {
    opening: () => this.#opening(),
    opened: () => this.#opened(),
    closed: (handle) => this.#closed(handle),
  };
  #uses = 0;
  #open = 0;
  #trimming: Promise<void> | undefined;

  constructor(maxOpen: number, make: MakeHandle) {
    this.#maxOpen = maxOpen;
    this.#make = make;
  }

  /** How many databases are open. */
  get open(): number {
    return this.#open;
  }

  /** Counts on a tenant's handle until `release`; opens nothing. */
  retain(database: TenantDatabase): TenantHandle {
    const handle = this.#latest(database) ?? this.#find(database);
    handle.references += 1;
    handle.used = ++this.#uses;
    return handle;
  }

  /** Stops counting on a handle. */
  release(handle: TenantHandle): void {
    handle.references -= 1;
    if (handle.references > 0) return;
    if (!handle.connection.isOpen) this.#retire(handle);
    else if (this.#open > this.#maxOpen) this.#trimLater();
  }

  /** Closes every database, each once its lease is back; throws an `AggregateError` of what could not be closed. */
  async close(): Promise<void> {
    await this.#trimming;
    const closing = [...this.#handles.values()].map(({ connection }) => connection.close());
    const errors = (await Promise.allSettled(closing)).flatMap((result) =>
      result.status === "rejected" ? [result.reason] : [],
    );
    if (errors.length > 0)
      throw new AggregateError(errors, "Tenant databases could not be closed.");
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
      handle = this.#make(database, this.#listener);
      this.#handles.set(key, handle);
    }
    this.#byPlacement.set(database.placement, handle);
    return handle;
  }

  #retire(handle: TenantHandle): void {
    if (handle.retired) return;
    handle.retired = true;
    this.#handles.delete(keyOf(handle.database));
  }

  /** Work that never lets the event loop turn would otherwise open one file after the other and close none. */
  async #opening(): Promise<void> {
    if (this.#open < this.#maxOpen + slack) return;
    this.#trimLater();
    await this.#trimming;
  }

  #opened(): void {
    this.#open += 1;
    if (this.#open > this.#maxOpen) this.#trimLater();
  }

  #closed(handle: TenantHandle): void {
    this.#open -= 1;
    if (handle.references === 0) this.#retire(handle);
  }

  #trimLater(): void {
    this.#trimming ??= outsideTenancy(() => this.#trim()).finally(() => {
      this.#trimming = undefined;
    });
  }

  async #trim(): Promise<void> {
    await new Promise(setImmediate);
    const longestAgoFirst = [...this.#handles.values()].sort((one, two) => one.used - two.used);
    for (const handle of longestAgoFirst) {
      if (this.#open <= this.#maxOpen) return;
      // One that cannot be closed stays open and counted; the next trim and close() try again.
      if (handle.mayClose) await handle.connection.close().catch(() => undefined);
    }
  }
}

/** How many databases over the limit may be opened before somebody has to wait for the closing of others. */
const slack = 8;

/** Whose it is belongs to the key: a tenant that is placed on another's database gets a handle, and its marker check. */
function keyOf({ tenantId, placement }: TenantDatabase): string {
  const { server, name, generation } = placement;
  return `${tenantId}\0${generation}\0${server}\0${name}`;
}
