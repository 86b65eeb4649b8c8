import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate } from "node:timers/promises";
import { cachedTenantStore } from "@af-tenancy/cache";
import {
  admit,
  centralDomains,
  createTenancy,
  systemClock,
  type TenancyRequest,
  type TenantRecord,
  type TenantReference,
} from "@af-tenancy/core";
import { domainResolver } from "@af-tenancy/resolvers";
import { compare } from "./compare.ts";
import { zipf } from "./pool-reuse/zipf.ts";
import { report } from "./report.ts";
import { changingTenants } from "./resolve/changing-tenants.ts";
import { domainOf, registeredTenants } from "./resolve/registered-tenants.ts";
import { redisServer } from "./servers.ts";

// Promise: of 100,000 registered tenants, one that is in memory is found by the raw Host of a request and admitted without a query to the registry, in at most 6 times `als.run(store, fn)` and at most 2 microseconds; with 10,000 of them in memory, asked for as Zipf says (s = 1) while 1 % of all tenants change in a minute, memory answers at least 0.70 of the requests, memory and Redis more than 0.95.
const count = 100_000;
const registered = await registeredTenants(count);
await fromMemory();
await fromLayers();
registered.remove();

/** Everything is in memory: what does one request cost until its tenant is admitted? */
async function fromMemory(): Promise<void> {
  const { registry, asked } = registered.open();
  const store = cachedTenantStore({ maxTenants: count });
  const resolver = domainResolver();
  const tenancy = createTenancy({ registry, store, resolve: resolver });
  await tenancy.start();
  await store.warm();
  const central = centralDomains([]);
  const clock = systemClock();
  const requests = zipf(count, 20_000, 2026).map((number) => ({
    ...{ method: "GET", url: "/", remoteAddress: "127.0.0.1" },
    rawHeaders: ["Host", domainOf(number)],
  }));
  let admitted = 0;
  const work = () => {
    admitted += 1;
  };
  const ours = async (times: number) => {
    for (let i = 0; i < times; i++) {
      const found = resolver.resolve(requests[i] as TenancyRequest, central);
      const { candidates } = found as { readonly candidates: readonly TenantReference[] };
      admit(store.find(candidates[0] as TenantReference) as TenantRecord, clock);
      work();
    }
    await setImmediate();
  };
  const storage = new AsyncLocalStorage<object>();
  const value = { tenant: "acme" };
  const bare = async (times: number) => {
    for (let i = 0; i < times; i++) storage.run(value, work);
    await setImmediate();
  };
  const before = asked();
  const result = await compare({ ours, baseline: bare, times: requests.length });
  report({ name: "resolve/als", ...result, unit: "ns" });
  report({
    name: "resolve/microseconds",
    ...{ ratio: result.ours / 2_000, ours: result.ours, baseline: 2_000, unit: "ns" },
  });
  const queries = asked() - before;
  report({
    name: "resolve/queries",
    ...{ ratio: queries / admitted, ours: queries, baseline: admitted, unit: "queries" },
  });
  await tenancy.close();
}

/** Less fits into memory than there is, and another process changes it all the time. */
async function fromLayers(): Promise<void> {
  const redis = { url: redisServer, prefix: `resolve-${process.pid}` };
  const { registry, asked } = registered.open();
  const store = cachedTenantStore({ maxTenants: 10_000, redis });
  const tenancy = createTenancy({ registry, store, resolve: domainResolver() });
  const elsewhere = registered.open().registry;
  const other = createTenancy({ registry: elsewhere, store: cachedTenantStore({ redis }) });
  await Promise.all([tenancy.start(), other.start()]);
  await store.warm();
  const draws = zipf(count, 64_000, 7).map(domainOf).values();
  const changed = zipf(count, 10_000, 8).values();
  const over = new AbortController();
  const changing = changingTenants(
    elsewhere,
    count / 100,
    () => `tenant-${changed.next().value ?? 0}`,
    over.signal,
  );
  await asking(32_000);
  const [before, queries] = [store.stats().memory, asked()];
  await asking(32_000);
  const { hits, misses } = store.stats().memory;
  over.abort();
  await changing;
  const requests = hits + misses - before.hits - before.misses;
  const inMemory = (hits - before.hits) / requests;
  const inBoth = 1 - (asked() - queries) / requests;
  report({
    name: "resolve/memory",
    ratio: inMemory,
    ours: inMemory,
    baseline: 1,
    unit: "of requests",
  });
  report({ name: "resolve/redis", ratio: inBoth, ours: inBoth, baseline: 1, unit: "of requests" });
  await store.clear();
  await Promise.all([tenancy.close(), other.close()]);

  async function asking(times: number): Promise<void> {
    const each = Array.from({ length: 32 }, async () => {
      for (let i = 0; i < times / 32; i++) {
        await store.find({ by: "domain", value: draws.next().value ?? "" });
        if (i % 8 === 0) await setImmediate();
      }
    });
    await Promise.all(each);
  }
}
