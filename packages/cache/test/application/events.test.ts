import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { CacheUnavailableError } from "@af-tenancy/core";
import { expect, it, onTestFinished } from "vitest";
import { memoryCache, redisCache } from "../../src/index.ts";
import { startCaches } from "./start-caches.ts";

interface CacheMessage {
  readonly event: string;
  readonly tenantId: string | null;
  readonly milliseconds: number;
  readonly error: unknown;
}

function listen(): CacheMessage[] {
  const told: CacheMessage[] = [];
  const hear = (message: unknown) => void told.push(message as CacheMessage);
  subscribe("af-tenancy:application-cache", hear);
  onTestFinished(() => void unsubscribe("af-tenancy:application-cache", hear));
  return told;
}

it("tells what each tenant's cache and the global one do, and no key and no value", async () => {
  const { acme, globex, run, tenantCache, globalCache } = await startCaches(memoryCache());
  const told = listen();

  await run(acme, async () => {
    await run(globex, () => tenantCache().set("secret-key", "secret-value"));
    await tenantCache().getOrSet("secret-key", () => "secret-value");
    await tenantCache().getMany(["secret-key", "other"]);
    await tenantCache().increment("count");
    await tenantCache().delete(["secret-key", "other"]);
    await tenantCache().clear();
  });
  await globalCache().has("secret-key");

  const all = told.map(({ milliseconds, error, ...rest }) => rest);
  const own = { store: "default", tenantId: acme.id };
  expect(all).toEqual([
    { event: "written", store: "default", tenantId: globex.id, written: 1 },
    { event: "read", ...own, asked: 1, found: 0 },
    { event: "made", ...own },
    { event: "written", ...own, written: 1 },
    { event: "read", ...own, asked: 2, found: 1 },
    { event: "counted", ...own },
    { event: "deleted", ...own, deleted: 1 },
    { event: "cleared", ...own },
    { event: "read", store: "default", tenantId: null, asked: 1, found: 0 },
  ]);
  expect(told.every(({ milliseconds }) => milliseconds >= 0)).toBe(true);
  expect(told.every(({ error }) => error === undefined)).toBe(true);
  expect(JSON.stringify(told)).not.toContain("secret");
});

it("tells why a store could not be asked, also where the application does not notice", async () => {
  const nobody = redisCache({ url: "redis://127.0.0.1:1", prefix: "nobody", timeout: 100 });
  const { acme, run, tenantCache } = await startCaches(nobody);
  const told = listen();

  const made = await run(acme, async () => {
    await tenantCache().set("a", 1);
    return tenantCache().getOrSet("a", () => 2);
  });

  expect(made).toBe(2);
  const failed = told.filter(({ error }) => error instanceof CacheUnavailableError);
  expect(failed.map(({ event }) => event)).toEqual(["written", "read"]);
  expect(told.filter(({ event }) => event === "made")).toHaveLength(1);
});

it("tells what a value failed to be made of", async () => {
  const { acme, run, tenantCache } = await startCaches(memoryCache());
  const told = listen();

  await run(acme, async () => {
    const cause = new RangeError("no such price");
    await expect(tenantCache().getOrSet("a", () => Promise.reject(cause))).rejects.toBe(cause);
  });

  expect(told.at(-1)).toMatchObject({ event: "made", error: new RangeError("no such price") });
});
