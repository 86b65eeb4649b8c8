import { manualClock } from "@af-tenancy/core";
import { describe, expect, it, vi } from "vitest";
import { noRedis, ownPrefix, ownRedis, redisUrl, withRedis } from "./support/redis.ts";
import { makeSqlite } from "./support/registry-sites.ts";
import { codeOf, startProcess } from "./support/start-process.ts";
import { registryAt } from "./workers/registry-at.ts";

/** Milliseconds after which not even a busy machine's Redis would have answered. */
const patient = 5_000;

describe.skipIf(noRedis !== "")(`with Redis${noRedis}`, () => {
  it("S042 S049 S050: what one process read the next has from Redis, and then from memory", async () => {
    const { here, join, acme, globex } = await withTenants();
    await here.request("acme.test");
    await here.request("globex.test");
    await settled(here);

    const there = await join();
    const served = [await there.request("acme.test"), await there.request("globex.test")];
    await there.request("acme.test");

    expect(served).toEqual([acme.id, globex.id]);
    expect(there.asked()).toBe(0);
    expect(there.store.stats()).toMatchObject({
      memory: { hits: 1, misses: 2, hitRatio: 1 / 3 },
      redis: { hits: 2, misses: 0, hitRatio: 1, state: "up" },
      registry: { hits: 0, misses: 0 },
    });
    expect(there.store.find({ by: "domain", value: "acme.test" })).toEqual(acme);
  });

  it("C103 S047: every change of a tenant reaches the other processes through Redis alone", async () => {
    // The clock of the other process stands still: it never looks by itself.
    const { here, join, acme } = await withTenants();
    const there = await join({ clock: manualClock(Date.now() + 3_600_000) });
    const { tenants } = here.tenancy;
    const changes: readonly [() => Promise<unknown>, string | undefined][] = [
      [() => tenants.suspend(acme.id, { graceMs: 0 }), "TENANT_SUSPENDED"],
      [() => tenants.resume(acme.id), undefined],
      [() => tenants.block(acme.id), "TENANT_BLOCKED"],
      [() => tenants.unblock(acme.id), undefined],
      [() => tenants.archive(acme.id), "TENANT_ARCHIVED"],
      [() => tenants.unarchive(acme.id), undefined],
      [() => tenants.deactivate(acme.id), "TENANT_INACTIVE"],
      [() => tenants.activate(acme.id), undefined],
      [
        () => tenants.setMaintenance(acme.id, { message: "soon", retryAfter: 5 }),
        "TENANT_MAINTENANCE",
      ],
      [() => tenants.setMaintenance(acme.id, undefined), undefined],
      [() => tenants.setAccess(acme.id, "closed"), "TENANT_CLOSED"],
      [() => tenants.setAccess(acme.id, "read-write"), undefined],
      [() => tenants.setExpiry(acme.id, Date.now() + 60_000), "TENANT_EXPIRED"],
      [() => tenants.setExpiry(acme.id, undefined), undefined],
      [() => tenants.update(acme.id, { domains: ["other.test"] }), "TENANT_NOT_FOUND"],
      [() => tenants.update(acme.id, { domains: ["acme.test"] }), undefined],
      [() => tenants.delete(acme.id), "TENANT_NOT_FOUND"],
      [() => tenants.restore(acme.id), undefined],
      [() => tenants.delete(acme.id), "TENANT_NOT_FOUND"],
      [() => tenants.purge(acme.id, { skipGrace: true }), "TENANT_NOT_FOUND"],
    ];
    await there.request("acme.test");

    for (const [change, code] of changes) {
      await change();
      await vi.waitFor(
        async () => expect(await codeOf(there.request("acme.test"))).toBe(code),
        5_000,
      );
    }

    expect(await codeOf(there.request("globex.test"))).toBeUndefined();
  });

  it("clears one tenant, or all, everywhere, and touches no other keys", async () => {
    const { here, join, acme, prefix, registry } = await withTenants();
    const there = await join({ clock: manualClock() });
    for (const process of [here, there]) {
      await process.request("acme.test");
      await process.request("globex.test");
    }
    await settled(here);
    const foreign = [`${prefix}x:tenants:1::id:${acme.id}`, `${prefix}:other`];
    await withRedis(redisUrl, (client) => client.mSet(foreign.flatMap((key) => [key, "mine"])));
    // As by hand: the outbox says nothing.
    await registry.transaction(({ tenants }) =>
      tenants.update(acme.id, acme.version, { plan: "by hand" }),
    );
    const plan = async (process: typeof here) =>
      (await process.store.find({ by: "domain", value: "acme.test" }))?.plan;
    const before = [await plan(here), await plan(there)];
    const asked = there.asked();

    await here.store.clear(acme.id);
    await vi.waitFor(async () => expect(await plan(there)).toBe("by hand"), 5_000);
    await there.request("globex.test");

    expect(before).toEqual([undefined, undefined]);
    expect(await plan(here)).toBe("by hand");
    expect(there.asked() - asked).toBeLessThanOrEqual(1);
    await here.store.clear();
    expect(await keysOf(prefix)).toEqual(foreign.sort());
    await vi.waitFor(() => expect(there.store.stats().memory.tenants).toBe(0), 5_000);
  });

  it("warms memory and Redis with all active tenants, as far as memory has room", async () => {
    const { here, join, acme, globex } = await withTenants();
    await here.tenancy.tenants.create({ slug: "initech", domains: ["initech.test", "i.test"] });
    const gone = await here.tenancy.tenants.create({ slug: "gone" });
    await here.tenancy.tenants.block(gone.id);
    const small = await join({ cache: { maxTenants: 2 } });

    const report = await small.store.warm();
    const there = await join();
    const served = [await there.request("acme.test"), await there.request("globex.test")];

    expect(report).toMatchObject({ tenants: 3, inMemory: 2, references: 7 });
    expect(small.store.stats().memory).toMatchObject({ tenants: 2 });
    expect(served).toEqual([acme.id, globex.id]);
    for (const value of ["initech.test", "i.test"]) {
      expect(await there.store.find({ by: "domain", value })).toMatchObject({ slug: "initech" });
    }
    expect([small.asked(), there.asked()]).toEqual([0, 0]);
  });

  it("F032: what Redis kept from before a change is not taken from there", async () => {
    const { here, join, acme, prefix } = await withTenants();
    await here.request("acme.test");
    await settled(here);
    const old = await dump(prefix);
    const changed = await here.tenancy.tenants.update(acme.id, { plan: "large" });
    await vi.waitFor(async () => expect(await keysOf(prefix)).toEqual([]), 5_000);
    const there = await join();

    await withRedis(redisUrl, (client) => client.mSet(old.flat()));

    for (const process of [here, there]) {
      expect(await process.store.find({ by: "domain", value: "acme.test" })).toEqual(changed);
      expect(await process.store.find({ by: "id", value: acme.id })).toEqual(changed);
    }
  });

  it("F099 S052: takes what is spoilt in Redis for nothing at all", async () => {
    const { here, join, acme, globex, prefix } = await withTenants();
    await here.request("globex.test");
    await settled(here);
    const there = await join({ cache: { maxTenants: 0 } });
    const key = `${prefix}:tenants:1::id:${acme.id}`;
    await there.request("acme.test");
    await settled(there);
    const text = await withRedis(redisUrl, (client) => client.get(key));
    const spoilt = {
      "no JSON": "{",
      "another type": "[]",
      "a list in a list": "[[]]",
      nothing: "",
      "a number": "1e308",
      "half a tenant": text?.replace('"slug":', '"slog":'),
      "a status that is no text": text?.replace('"active"', "{}"),
      "another tenant": text?.replace(/"id":"[^"]*"/, `"id":"${globex.id}"`),
      "no sequence number": text?.replace(/"asOf":\d+/, '"asOf":"9"'),
      "a sequence number from nowhere": text?.replace(/"asOf":\d+/, '"asOf":9007199254740991'),
      "a megabyte": text?.replace('"Acme"', JSON.stringify("x".repeat(2 ** 20))),
    };

    for (const [what, value = ""] of Object.entries(spoilt)) {
      expect(value, what).not.toBe(text);
      await withRedis(redisUrl, (client) => client.set(key, value));
      const before = there.asked();

      expect(await there.store.find({ by: "domain", value: "acme.test" }), what).toEqual(acme);
      expect(await there.store.find({ by: "domain", value: "globex.test" })).toEqual(globex);

      expect(there.asked() - before, what).toBe(1);
      await settled(there);
    }
  });

  async function withTenants() {
    const place = await makeSqlite();
    const prefix = ownPrefix();
    const redis = { url: redisUrl, prefix, timeout: patient };
    const join = ({ cache = {}, ...parts }: Parameters<typeof startProcess>[1] = {}) =>
      startProcess(registryAt(place), { ...parts, cache: { ...cache, redis } });
    const registry = registryAt(place);
    const here = await startProcess(registry, { cache: { redis } });
    const acme = await here.tenancy.tenants.create({
      slug: "acme",
      name: "Acme",
      domains: ["acme.test"],
    });
    const globex = await here.tenancy.tenants.create({ slug: "globex", domains: ["globex.test"] });
    return { here, join, acme, globex, prefix, registry };
  }

  async function keysOf(prefix: string): Promise<readonly string[]> {
    return withRedis(redisUrl, async (client) => (await client.keys(`${prefix}*`)).sort());
  }

  async function dump(prefix: string): Promise<readonly (readonly [string, string])[]> {
    const keys = await keysOf(prefix);
    return withRedis(redisUrl, async (client) =>
      Promise.all(keys.map(async (key) => [key, (await client.get(key)) ?? ""] as const)),
    );
  }

  /** Writing to Redis is nothing that a request waits for. */
  async function settled({ store }: Awaited<ReturnType<typeof startProcess>>): Promise<void> {
    await store.clear("nobody");
  }
});

describe.skipIf(noRedis !== "")(`with a Redis that fails${noRedis}`, () => {
  it("S044 F096: starts without it, serves without it, and takes it once it is there", async () => {
    const redis = await ownRedis();
    await redis.stop();
    const place = await makeSqlite();
    const prefix = "own";
    const here = await startProcess(registryAt(place), {
      cache: { redis: { url: redis.url, prefix, timeout: patient } },
    });
    const acme = await here.tenancy.tenants.create({ slug: "acme", domains: ["acme.test"] });

    const without = await here.request("acme.test");
    const state = here.store.stats().redis?.state;
    await redis.start();
    await vi.waitFor(() => expect(here.store.stats().redis?.state).toBe("up"), 10_000);
    await here.store.clear();
    await here.request("acme.test");

    expect([without, state]).toEqual([acme.id, "down"]);
    await vi.waitFor(async () => {
      const keys = await withRedis(redis.url, (client) => client.keys("own:tenants:1::*"));
      expect(keys.sort()).toEqual([
        `own:tenants:1::domain:acme.test`,
        `own:tenants:1::id:${acme.id}`,
      ]);
    });
  });

  it("S044 S052 F096: answers from the registry where Redis hangs, is full, or may not be written", async () => {
    const redis = await ownRedis();
    const place = await makeSqlite();
    const cache = { maxTenants: 0, redis: { url: redis.url, prefix: "own" } };
    const here = await startProcess(registryAt(place), { cache });
    const acme = await here.tenancy.tenants.create({ slug: "acme", domains: ["acme.test"] });
    const globex = await here.tenancy.tenants.create({ slug: "globex", domains: ["globex.test"] });
    const both = async () => [await here.request("acme.test"), await here.request("globex.test")];
    const set = (...words: readonly string[]) =>
      withRedis(redis.url, (client) => client.sendCommand([...words]));

    await set("CONFIG", "SET", "maxmemory", "1");
    const full = await both();
    await set("CONFIG", "SET", "maxmemory", "0");
    await set("REPLICAOF", "127.0.0.1", "1");
    const readOnly = await both();
    await set("REPLICAOF", "NO", "ONE");
    redis.pause();
    const hanging = [await both(), await both(), await both()];
    const state = here.store.stats().redis?.state;
    redis.resume();
    await here.tenancy.tenants.update(acme.id, { plan: "large" });

    const ids = [acme.id, globex.id];
    expect([full, readOnly, ...hanging]).toEqual(Array(5).fill(ids));
    expect(state).not.toBe("up");
    // It is tried by itself, without any request.
    await vi.waitFor(() => expect(here.store.stats().redis?.state).toBe("up"), 10_000);
    expect(await here.store.find({ by: "id", value: acme.id })).toMatchObject({ plan: "large" });
    expect(await both()).toEqual(ids);
  });

  it("S052: stopped and started under load, it costs no request and brings back nothing old", async () => {
    const redis = await ownRedis();
    const place = await makeSqlite();
    const cache = { redis: { url: redis.url, prefix: "own", timeout: patient } };
    const [here, there] = await Promise.all([
      startProcess(registryAt(place), { cache }),
      startProcess(registryAt(place), { cache: { ...cache, maxTenants: 0 } }),
    ]);
    const acme = await here.tenancy.tenants.create({ slug: "acme", domains: ["acme.test"] });
    const globex = await here.tenancy.tenants.create({ slug: "globex", domains: ["globex.test"] });
    const answers: unknown[] = [];
    let isOver = false;
    const loading = [here, there, here, there].map(async ({ request }, number) => {
      const [host, id] = number % 2 === 0 ? ["acme.test", acme.id] : ["globex.test", globex.id];
      while (!isOver) {
        const served = await request(host).catch((error: unknown) => error);
        if (served !== id) answers.push(served);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    });
    await vi.waitFor(async () => {
      expect(await withRedis(redis.url, (client) => client.keys("*"))).toHaveLength(4);
    }, 10_000);

    await redis.stop(true);
    const changed = await here.tenancy.tenants.update(acme.id, { plan: "large" });
    await redis.start();
    const kept = await withRedis(redis.url, (client) => client.get(`own:tenants:1::id:${acme.id}`));
    const fresh = await startProcess(registryAt(place), { cache });
    const seen = await fresh.store.find({ by: "domain", value: "acme.test" });
    await vi.waitFor(() => expect(there.store.stats().redis?.state).toBe("up"), 10_000);
    isOver = true;
    await Promise.all(loading);

    expect(answers).toEqual([]);
    expect(kept).not.toBeNull();
    expect(seen).toEqual(changed);
    for (const { store } of [here, there, fresh]) {
      expect(await store.find({ by: "domain", value: "acme.test" })).toEqual(changed);
    }
  });
});
