import { randomUUID } from "node:crypto";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { join } from "node:path";
import { cachedTenantStore } from "@af-tenancy/cache";
import { createTenancy, memoryDatabases } from "@af-tenancy/core";
import { provisioning } from "@af-tenancy/provisioning";
import { domainResolver } from "@af-tenancy/resolvers";
import { sqliteRegistry } from "@af-tenancy/sqlite";
import { tenancyRequest } from "@af-tenancy/testing";
import { expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "./temporary-folder.ts";

it("remembers tenants, warms up, tells numbers and forgets", async () => {
  const environment: { readonly REDIS_URL?: string } = {};
  const registry = sqliteRegistry({ file: join(await temporaryFolder(), "registry.sqlite") });

  // #region compose
  const { REDIS_URL: url } = environment;
  const store = cachedTenantStore({
    ...(url && { redis: { url, prefix: "shop" } }), // memory alone where there is no Redis
  });
  const tenancy = createTenancy({
    registry,
    store, // answers look-ups in the registry's place
    resolve: domainResolver(),
    databases: memoryDatabases(),
    provisioning: provisioning(),
  });
  await tenancy.start();
  await store.warm(); // the first requests find everybody in memory
  // #endregion
  onTestFinished(() => tenancy.close());

  const acme = await tenancy.tenants.create({
    id: randomUUID(),
    slug: "acme",
    domains: ["acme.test"],
  });
  const slowest: number[] = [];
  // #region channel
  const watch = (message: unknown) => {
    const { event, layer, milliseconds } = message as Readonly<Record<string, unknown>>;
    if (event === "found" && layer === "registry") slowest.push(Number(milliseconds));
  };
  subscribe("af-tenancy:cache", watch);
  // #endregion
  onTestFinished(() => void unsubscribe("af-tenancy:cache", watch));
  for (let time = 0; time < 4; time += 1) {
    await tenancy.handle({
      request: tenancyRequest({ host: "acme.test" }),
      mode: "tenant",
      next: async () => undefined,
      onClosed: (closed) => closed(false),
    });
  }

  // #region numbers
  const { memory, redis, registry: central, heardAllAgo } = store.stats();
  const line = [
    `memory ${memory.hitRatio}, ${memory.tenants} tenants`,
    `redis ${redis?.state ?? "none"}`,
    `registry asked ${central.hits + central.misses} times`,
    `all changes known up to ${Math.round(heardAllAgo / 1_000)} s ago`,
  ].join("; ");
  // #endregion

  // #region clear
  await store.clear(acme.id); // after SQL written by hand; without an id, all tenants
  // #endregion

  expect(line).toMatch(/^memory 0.75, 1 tenants; redis none; registry asked 1 times; all/);
  expect(slowest).toHaveLength(1);
  expect(store.stats().memory.tenants).toBe(0);
});
