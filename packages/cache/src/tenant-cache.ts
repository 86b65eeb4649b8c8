import {
  attachOnce,
  type CentralRegistry,
  type Clock,
  type MaybePromise,
  type OutboxEntry,
  TenancyClosedError,
  type TenancyHost,
  type TenantFilter,
  type TenantRecord,
  type TenantReference,
  tellFailure,
} from "@af-tenancy/core";
import { cacheChannel } from "./cache-channel.ts";
import type { CacheStats } from "./cache-stats.ts";
import type { CachedTenantStore } from "./cached-tenant-store.ts";
import type { CheckedOptions } from "./cached-tenant-store-options.ts";
import { ChangeFollower } from "./change-follower.ts";
import { ChangeHints } from "./change-hints.ts";
import { ChangeWindow } from "./change-window.ts";
import { LayerCounts } from "./layer-counts.ts";
import type { HeldTenant } from "./layers/held-tenant.ts";
import { MemoryLayer } from "./layers/memory-layer.ts";
import type { RedisLayer, SharedSize } from "./layers/redis-layer.ts";
import { isKept, type KeptReference, keysOf, recordKey } from "./tenant-keys.ts";
import { TenantLoader } from "./tenant-loader.ts";
import { namedTenants, type WarmReport } from "./warm-tenants.ts";

/** The layers of one tenancy, and what keeps them fresh. */
export class TenantCache implements CachedTenantStore {
  readonly name = "cached-tenant-store";
  readonly #options: CheckedOptions;
  readonly #attachment = attachOnce("store");
  readonly #memory: MemoryLayer | undefined;
  readonly #memoryCounts = new LayerCounts();
  readonly #window = new ChangeWindow(remembered);
  readonly hints: ChangeHints;
  #clock: Clock = this.#attachment.clock;
  #registry: CentralRegistry | undefined;
  #running: Running | undefined;
  #changes = 0;
  #asked = 0;

  constructor(options: CheckedOptions) {
    this.#options = options;
    const { maxTenants, maxUnknown } = options;
    this.#memory = maxTenants === 0 ? undefined : new MemoryLayer(maxTenants, maxUnknown);
    const now = () => ({ clock: this.#clock, heardAllAt: this.#running?.follower.heardAllAt });
    this.hints = new ChangeHints(this.#memory, this.#window, options.maxStale, now);
  }

  attach(host: TenancyHost): void {
    const { registry, clock } = host;
    this.#attachment.attach(host);
    this.#registry = registry;
    this.#clock = clock;
  }

  async start(): Promise<void> {
    if (this.#running !== undefined) return;
    const registry = this.#source();
    const follower = this.#makeFollower(registry);
    const redis = await this.#makeRedis(follower);
    const loader = new TenantLoader({
      ...{ source: registry.store, memory: this.#memory, window: this.#window },
      ...{ options: this.#options, clock: this.#clock, follower, redis },
    });
    const remove = registry.changes.onCommit((changes) => this.#committed(changes));
    this.#running = { follower, redis, loader, remove };
    try {
      await Promise.all([follower.start(), redis?.open(this.#clock.sleep(connectPatience))]);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    this.#memory?.clear();
    running?.remove();
    running?.redis?.close();
    await running?.follower.stop();
  }

  find(reference: TenantReference): MaybePromise<TenantRecord | undefined> {
    const running = this.#running;
    if (running === undefined || !isKept(reference)) return this.#source().store.find(reference);
    const memory = this.#memory;
    if (memory === undefined) return running.loader.load(reference);
    const now = this.#clock.monotonic();
    const held = memory.find(reference);
    if (held !== undefined && this.#mayServe(held, now, running.follower)) {
      if (now >= held.refreshAt) this.#refresh(reference, held, now, running.loader);
      this.#hit(reference, held.tenant, now);
      return held.tenant;
    }
    if (held === undefined && memory.isUnknown(reference, now)) {
      this.#hit(reference, undefined, now);
      return undefined;
    }
    this.#memoryCounts.misses += 1;
    return running.loader.load(reference);
  }

  list(filter?: TenantFilter): AsyncIterable<TenantRecord> {
    return this.#source().store.list(filter);
  }

  stats(): CacheStats {
    const { redis, loader, follower } = this.#running ?? {};
    const size = this.#memory?.size ?? { tenants: 0, references: 0, unknown: 0 };
    const none = new LayerCounts().stats;
    return {
      memory: { ...this.#memoryCounts.stats, ...size },
      redis: redis && { ...(loader?.redisCounts.stats ?? none), state: redis.state },
      registry: loader?.registryCounts.stats ?? none,
      changes: this.#changes,
      heardAllAgo: this.#clock.monotonic() - (follower?.heardAllAt ?? Number.NEGATIVE_INFINITY),
    };
  }

  sharedSize = async (): Promise<SharedSize | undefined> => this.#running?.redis?.size();

  async warm(): Promise<WarmReport> {
    if (this.#running === undefined) throw new TenancyClosedError("not started");
    const { loader } = this.#running;
    const startedAt = this.#clock.monotonic();
    const asOf = this.#window.highest;
    let [tenants, references] = [0, 0];
    for await (const page of namedTenants(this.#source())) {
      const room = Math.max(0, this.#options.maxTenants - tenants);
      await loader.keepAll(page, { asOf, knownAt: startedAt, room });
      tenants += page.length;
      for (const one of page) references += one.references.length;
    }
    const inMemory = this.#memory?.size.tenants ?? 0;
    return { tenants, inMemory, references, milliseconds: this.#clock.monotonic() - startedAt };
  }

  async clear(tenantId?: string): Promise<void> {
    const redis = this.#running?.redis;
    this.#forget(tenantId);
    if (tenantId === undefined) await redis?.clear();
    else await redis?.remove([recordKey(tenantId)]);
    await redis?.publish(tenantId === undefined ? "clear" : `clear ${tenantId}`);
  }

  #source(): CentralRegistry {
    return this.#registry ?? this.#attachment.host().registry;
  }

  /** As long as its time is not over, and either the changes since were heard of or it is not old. */
  #mayServe(held: HeldTenant, now: number, { heardAllAt }: ChangeFollower): boolean {
    const knownAt = held.knownAt > heardAllAt ? held.knownAt : heardAllAt;
    return now < held.expiresAt && now <= knownAt + this.#options.maxStale;
  }

  /** Whoever asked is served from memory, and goes on being served when this fails; it is tried again a little later. */
  #refresh(reference: KeptReference, held: HeldTenant, now: number, loader: TenantLoader): void {
    held.refreshAt = Math.ceil(now) + refreshPause;
    loader.load(reference, true).catch(() => undefined);
  }

  #hit(reference: KeptReference, tenant: TenantRecord | undefined, askedAt: number): void {
    this.#memoryCounts.hits += 1;
    this.#asked = (this.#asked + 1) & 255;
    if (this.#asked !== 0 && !cacheChannel.hasSubscribers) return;
    const milliseconds = this.#clock.monotonic() - askedAt;
    this.#memoryCounts.took(milliseconds);
    if (!cacheChannel.hasSubscribers) return;
    const event = tenant === undefined ? "unknown" : "found";
    const { by } = reference;
    const tenantId = tenant?.id ?? null;
    cacheChannel.publish({ event, layer: "memory", by, tenantId, milliseconds });
  }

  #makeFollower(registry: CentralRegistry): ChangeFollower {
    return new ChangeFollower({
      ...{ changes: registry.changes, clock: this.#clock, timeout: this.#options.timeout },
      before: remembered,
      changed: (changes) => this.#changed(changes),
      beginAt: (sequence) => {
        this.#window.beginAt(sequence);
        this.#forget(undefined);
      },
      failed: (error) => void tellFailure(this.#attachment.host(), error),
    });
  }

  /** Loaded only where there is a Redis, so that nobody else pays for it. */
  async #makeRedis(follower: ChangeFollower): Promise<RedisLayer | undefined> {
    const { redis, ttl } = this.#options;
    if (redis === undefined) return undefined;
    const { RedisLayer } = await import("./layers/redis-layer.ts");
    return new RedisLayer(redis, ttl, {
      heard: (message) => this.#heard(message, follower),
      listening: () => follower.wake(),
      lost: (error) => void tellFailure(this.#attachment.host(), error),
    });
  }

  /** What this process committed: at once here, soon in the others. */
  #committed(changes: readonly OutboxEntry[]): void {
    this.#changed(changes);
    const redis = this.#running?.redis;
    void redis?.remove(changes.flatMap(keysOf));
    void redis?.publish("changed");
  }

  #changed(changes: readonly OutboxEntry[]): void {
    for (const change of changes) {
      const { tenantId, sequence } = change;
      this.#window.record(change);
      this.#memory?.drop(tenantId, sequence, keysOf(change));
      this.#changes += 1;
      cacheChannel.publish({ event: "changed", tenantId, sequence });
    }
  }

  /** A message is no more than a hint: what changed is read from the registry. */
  #heard(message: string, follower: ChangeFollower): void {
    const [what, tenantId] = message.split(" ");
    if (what === "clear") this.#forget(tenantId);
    else follower.wake();
  }

  #forget(tenantId: string | undefined): void {
    if (tenantId === undefined) this.#memory?.clear();
    else this.#memory?.forget(tenantId);
    this.#running?.loader.startOver();
    this.hints.startOver();
  }
}

/** What there is between start and close. */
interface Running {
  readonly follower: ChangeFollower;
  readonly redis: RedisLayer | undefined;
  readonly loader: TenantLoader;
  readonly remove: () => void;
}

/** How many changes are remembered, those before the start included: what was read earlier is not taken from Redis. */
const remembered = 2_000;
/** Milliseconds that a start waits for Redis. */
const connectPatience = 500;
/** Milliseconds after which a tenant that could not be read again in the background is tried again. */
const refreshPause = 1_000;
