import type { RedisClient } from "./redis-tenant-store.ts";

/** A stand-in for a Redis client: it shows that the contract fits and says nothing about Redis. */
export class MapRedisClient implements RedisClient {
  readonly entries = new Map<string, string>();
  /** How often a key was found. */
  hits = 0;

  async get(key: string): Promise<string | null> {
    const value = this.entries.get(key);
    if (value !== undefined) this.hits += 1;
    return value ?? null;
  }

  async set(key: string, value: string): Promise<void> {
    this.entries.set(key, value);
  }

  async del(key: string): Promise<void> {
    this.entries.delete(key);
  }
}
