import { setTimeout as sleep } from "node:timers/promises";
import type { Tenancy } from "@af-tenancy/core";

/** A store that remembers look-ups, as `cachedTenantStore()` makes it; what is asked of it here. */
export interface SharedLookups {
  stats(): { readonly redis: { readonly state: "up" | "down" | "open" } | undefined };
  sharedSize(): Promise<Size | undefined>;
  warm(): Promise<{
    readonly tenants: number;
    readonly inMemory: number;
    readonly references: number;
    readonly milliseconds: number;
  }>;
  clear(tenantId?: string): Promise<void>;
}

interface Size {
  readonly tenants: number;
  readonly references: number;
}

/** Gives the application's store if it shares look-ups through Redis: what lies in memory alone is each process's own. */
export function sharedLookups({ store }: Tenancy): SharedLookups | undefined {
  const { stats, sharedSize, warm, clear } = store as Partial<SharedLookups>;
  const calls = [stats, sharedSize, warm, clear];
  if (!calls.every((call) => typeof call === "function")) return undefined;
  const lookups = store as unknown as SharedLookups;
  return lookups.stats().redis === undefined ? undefined : lookups;
}

/** Tells how Redis is, after it had a moment to connect. */
export async function redisState(lookups: SharedLookups): Promise<"up" | "down" | "open"> {
  for (let left = tries; left > 0; left -= 1) {
    const state = lookups.stats().redis?.state ?? "down";
    if (state === "up") return state;
    await sleep(pauseMs);
  }
  return lookups.stats().redis?.state ?? "down";
}

/**
 * Does something that has to reach Redis. The store goes on without one; whoever calls a command wants to know. Throws
 * `CacheUnavailableError`.
 */
export async function reaching<R>(
  tenancy: Tenancy,
  lookups: SharedLookups,
  work: () => Promise<R>,
): Promise<R> {
  const { CacheUnavailableError } = await import("@af-tenancy/core");
  let lost: unknown;
  const remove = tenancy.events.on("failure", ({ error }) => {
    lost ??= error;
  });
  try {
    await redisState(lookups);
    const result = await work();
    const state = lookups.stats().redis?.state;
    if (lost === undefined && state === "up") return result;
    throw new CacheUnavailableError(`Redis is ${state}, or was lost meanwhile`, { cause: lost });
  } finally {
    remove();
  }
}

const tries = 10;
const pauseMs = 100;
