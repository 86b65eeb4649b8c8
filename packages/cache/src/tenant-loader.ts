import type { Clock, TenantRecord, TenantReference, TenantStore } from "@af-tenancy/core";
import { outsideTenancy } from "@af-tenancy/core";
import { cacheChannel } from "./cache-channel.ts";
import type { CheckedOptions } from "./cached-tenant-store-options.ts";
import type { ChangeFollower } from "./change-follower.ts";
import type { ChangeWindow } from "./change-window.ts";
import { frozenTenant } from "./frozen-tenant.ts";
import { LayerCounts } from "./layer-counts.ts";
import type { Reading } from "./layers/held-tenant.ts";
import type { MemoryLayer } from "./layers/memory-layer.ts";
import type { RedisLayer } from "./layers/redis-layer.ts";
import { type KeptReference, keyOf, recordKey } from "./tenant-keys.ts";
import type { NamedTenant } from "./warm-tenants.ts";
import { within } from "./within.ts";

/** What a loader works with. */
export interface LoaderParts {
  readonly options: CheckedOptions;
  readonly source: TenantStore<TenantRecord>;
  readonly clock: Clock;
  readonly window: ChangeWindow;
  readonly follower: ChangeFollower;
  readonly memory: MemoryLayer | undefined;
  readonly redis: RedisLayer | undefined;
}

/** As of when many tenants were read, and how many of them memory may keep. */
interface Keeping {
  readonly asOf: number;
  readonly knownAt: number;
  readonly room: number;
}

/**
 * Finds tenants behind the memory: in Redis, or else in the registry, and fills back what lies before. Whoever asks for
 * the same at the same time shares one look-up. Nothing is kept, and nobody gets, what was read before a change that is
 * known by then.
 */
export class TenantLoader {
  readonly redisCounts: LayerCounts = new LayerCounts();
  readonly registryCounts: LayerCounts = new LayerCounts();
  readonly #parts: LoaderParts;
  #begun = 0;
  readonly #underWay = new Map<string, Promise<TenantRecord | undefined>>();

  constructor(parts: LoaderParts) {
    this.#parts = parts;
  }

  /** `fresh` asks the registry itself. Throws `RegistryUnavailableError`. */
  load(reference: KeptReference, fresh = false): Promise<TenantRecord | undefined> {
    const key = keyOf(reference);
    const present = this.#underWay.get(key);
    if (present !== undefined) return present;
    const { by, value } = reference;
    const loading = outsideTenancy(() => this.#load({ by, value }, fresh)).finally(() =>
      this.#underWay.delete(key),
    );
    this.#underWay.set(key, loading);
    return loading;
  }

  /** Has look-ups that are under way look again: what they read may be from before this. */
  startOver(): void {
    this.#begun += 1;
  }

  /** Keeps many that were read as of one change: the first ones in memory as far as there is room, all in Redis. */
  async keepAll(tenants: readonly NamedTenant[], { asOf, knownAt, room }: Keeping): Promise<void> {
    const named = tenants.map(({ tenant, references }) => ({
      reading: { tenant: frozenTenant(tenant), asOf },
      references: references.filter((reference) => this.#isFresh(reference, tenant.id, asOf)),
    }));
    for (const { reading, references } of named.slice(0, room)) {
      for (const reference of references) this.#keep(reference, reading, knownAt);
    }
    const fresh = named.filter(({ references }) => references.length > 0);
    await this.#parts.redis?.putMany(fresh);
  }

  async #load(reference: KeptReference, fresh: boolean): Promise<TenantRecord | undefined> {
    const shared = fresh ? undefined : await this.#findShared(reference);
    if (shared !== undefined) {
      // Nobody knows when it was read, but that it was still so when all changes were known the last time.
      return this.#keep(reference, shared, this.#parts.follower.heardAllAt);
    }
    for (;;) {
      const asOf = this.#parts.window.highest;
      const askedAt = this.#parts.clock.monotonic();
      const begun = this.#begun;
      const tenant = await this.#ask(reference, askedAt);
      if (this.#begun !== begun || !this.#isFresh(reference, tenant?.id, asOf)) continue;
      if (tenant === undefined) {
        const { memory, options } = this.#parts;
        memory?.putUnknown(reference, askedAt + options.unknownTtl);
        return undefined;
      }
      const reading = { tenant: frozenTenant(tenant), asOf };
      void this.#parts.redis?.put({ reading, references: [reference] });
      return this.#keep(reference, reading, askedAt);
    }
  }

  async #findShared(reference: KeptReference): Promise<Reading | undefined> {
    const { redis, clock, options, follower } = this.#parts;
    if (redis === undefined) return undefined;
    const askedAt = clock.monotonic();
    // Where changes are not heard of, nothing tells whether it is still so.
    if (askedAt > follower.heardAllAt + options.maxStale) return undefined;
    const begun = this.#begun;
    const found = await redis.find(reference);
    if (found === "unavailable") {
      this.redisCounts.failures += 1;
      return undefined;
    }
    // A change that is not known yet: another process is ahead, or the registry was put back to an earlier state.
    const isGood =
      found !== undefined &&
      this.#begun === begun &&
      found.newest <= this.#parts.window.highest &&
      this.#isFresh(reference, found.tenant.id, found.asOf);
    if (!isGood) {
      this.redisCounts.misses += 1;
      return undefined;
    }
    this.redisCounts.hits += 1;
    this.#tell(reference, "redis", found.tenant.id, this.redisCounts, askedAt);
    return found;
  }

  async #ask(reference: TenantReference, askedAt: number): Promise<TenantRecord | undefined> {
    const { source, options, clock } = this.#parts;
    let tenant: TenantRecord | undefined;
    try {
      tenant = await within(Promise.resolve(source.find(reference)), options.timeout, clock);
    } catch (error) {
      this.registryCounts.failures += 1;
      throw error;
    }
    if (tenant === undefined) this.registryCounts.misses += 1;
    else this.registryCounts.hits += 1;
    this.#tell(reference, "registry", tenant?.id, this.registryCounts, askedAt);
    return tenant;
  }

  /** Tells whether what was read as of this change is still so, for all that is known. */
  #isFresh(reference: KeptReference, id: string | undefined, asOf: number): boolean {
    const { window } = this.#parts;
    if (asOf < window.changedAt(keyOf(reference))) return false;
    return id === undefined || asOf >= window.changedAt(recordKey(id));
  }

  #keep(reference: KeptReference, reading: Reading, knownAt: number): TenantRecord {
    const { memory, clock, options, window } = this.#parts;
    if (memory === undefined) return reading.tenant;
    // Whole numbers lie in the entry itself, so that reading them costs nothing more.
    const now = Math.ceil(clock.monotonic());
    const changedAt = window.changedAt(recordKey(reading.tenant.id));
    const times = {
      knownAt: Math.floor(knownAt),
      refreshAt: now + Math.floor(options.ttl * refreshedAfter),
      expiresAt: now + options.ttl + options.maxStale,
    };
    return memory.put(reference, { ...reading, changedAt, ...times }).tenant;
  }

  #tell(
    { by }: TenantReference,
    layer: "redis" | "registry",
    tenantId: string | undefined,
    counts: LayerCounts,
    askedAt: number,
  ): void {
    const milliseconds = this.#parts.clock.monotonic() - askedAt;
    counts.took(milliseconds);
    if (!cacheChannel.hasSubscribers) return;
    const event = tenantId === undefined ? "unknown" : "found";
    cacheChannel.publish({ event, layer, by, tenantId: tenantId ?? null, milliseconds });
  }
}

/** The share of its time after which a tenant that is asked for is read again, so that busy ones never expire. */
const refreshedAfter = 0.8;
