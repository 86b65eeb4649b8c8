import type { TenantRecord, TenantReference, TenantStore } from "@af-tenancy/core";

/** The part of a Redis client that the store needs. */
export interface RedisClient {
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<unknown>;
  del(key: string): Promise<unknown>;
}

/** A store that remembers in Redis what the store behind it said. */
export interface RedisTenantStore extends TenantStore<TenantRecord> {
  /** Forgets a tenant after a change. */
  forget(tenant: TenantRecord): Promise<void>;
}

/** Puts Redis before a store; a dead Redis costs time and changes no answer. */
export function redisTenantStore(
  inner: TenantStore<TenantRecord>,
  redis: RedisClient,
): RedisTenantStore {
  async function remembered(id: string): Promise<TenantRecord | undefined> {
    const text = await redis.get(recordKey(id)).catch(() => null);
    return text === null ? undefined : (JSON.parse(text) as TenantRecord);
  }

  async function remember({ by, value }: TenantReference, tenant: TenantRecord): Promise<void> {
    await Promise.all([
      redis.set(recordKey(tenant.id), JSON.stringify(tenant)),
      redis.set(referenceKey(by, value), tenant.id),
    ]).catch(() => undefined);
  }

  return {
    async find(reference) {
      const { by, value } = reference;
      if (by !== "id" && by !== "slug") return inner.find(reference);
      const id = by === "id" ? value : await redis.get(referenceKey(by, value)).catch(() => null);
      const hit = id === null ? undefined : await remembered(id);
      if (hit?.[by] === value) return hit;
      const found = await inner.find(reference);
      if (found !== undefined) await remember(reference, found);
      return found;
    },
    list: (filter) => inner.list(filter),
    async forget({ id, slug }) {
      await Promise.all([redis.del(recordKey(id)), redis.del(referenceKey("slug", slug))]);
    },
  };
}

function recordKey(id: string): string {
  return `tenant:record:${id}`;
}

function referenceKey(by: string, value: string): string {
  return `tenant:reference:${JSON.stringify([by, value])}`;
}
