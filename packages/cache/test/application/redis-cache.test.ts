import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import type { TenantRecord } from "@af-tenancy/core";
import KeyvRedis from "@keyv/redis";
import { Keyv } from "keyv";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { memoryCache, redisCache } from "../../src/index.ts";
import { noRedis, ownPrefix, ownRedis, redisUrl, withRedis } from "../support/redis.ts";
import { startCaches, startOnRedis } from "./start-caches.ts";

describe.skipIf(noRedis !== "")(`with Redis${noRedis}`, () => {
  it("C056 C059 C060 C071 S046: every key has prefix, tenant and store in it, in each store that is listed, and foreign keys are left alone", async () => {
    const prefix = ownPrefix();
    const redis = { url: redisUrl, prefix, timeout: 5_000 };
    const app = await startOnRedis(redis, {
      stores: { pages: redisCache(redis) },
      label: ({ slug }, store) => `${slug}.${store}`,
    });
    const { acme, globex, run, tenantCache, globalCache } = app;
    const shared = new Keyv(new KeyvRedis(redisUrl, { namespace: `${prefix}:own` }));
    onTestFinished(() => shared.disconnect());
    await shared.set("menu", "the application's");

    for (const tenant of [acme, globex]) {
      await run(tenant, async () => {
        await tenantCache().set("menu", tenant.slug);
        await tenantCache("pages").set("menu", `page of ${tenant.slug}`);
        await shared.set(`seen by ${tenant.slug}`, await shared.get("menu"));
      });
    }
    await globalCache().set("menu", "everybody's");

    const values = async () =>
      (await withRedis(redisUrl, (client) => client.keys(`${prefix}:cache:*:value:*`))).sort();
    const keys = await values();
    const before = `${prefix}:cache:1:`;
    expect(keys).toEqual(
      [
        `${before}acme.default:{${acme.id}~1}:default:value:menu`,
        `${before}acme.pages:{${acme.id}~1}:pages:value:menu`,
        `${before}globex.default:{${globex.id}~1}:default:value:menu`,
        `${before}globex.pages:{${globex.id}~1}:pages:value:menu`,
        `${before}{~}:default:value:menu`,
      ].sort(),
    );
    await run(acme, () => tenantCache("pages").clear());
    expect(await values()).toEqual(keys.filter((key) => !key.includes("acme.pages")));
    await run(acme, () => tenantCache().clear());
    expect(await values()).toEqual(keys.filter((key) => !key.includes("acme.")));
    expect(await shared.get("seen by globex")).toBe("the application's");
  });

  it("a lock is one owner's while the label changes, and no value of before is back with the label", async () => {
    const { acme, run, tenantCache } = await startOnRedis(
      { url: redisUrl, prefix: ownPrefix(), timeout: 5_000 },
      { label: ({ slug }) => slug },
    );
    const renamed: TenantRecord = { ...acme, slug: "acme-2" };
    await run(acme, async () => {
      await tenantCache().set("menu", "old");
      expect(await tenantCache().lock("report").acquire()).toBe(true);
    });

    await run(renamed, async () => {
      expect(await tenantCache().lock("report").acquire()).toBe(false);
      await tenantCache().set("menu", "new");
      expect(await tenantCache().get("menu")).toBe("new");
    });

    expect(await run(acme, () => tenantCache().get("menu"))).toBeUndefined();
  });

  it("F094 F098: a purge removes the tenant's keys, and none that only look like them", async () => {
    const prefix = ownPrefix();
    const { tenancy, acme, globex, run, tenantCache } = await startOnRedis({
      ...{ url: redisUrl, prefix, timeout: 5_000 },
    });
    const lookalike = `{${acme.id}~1}:default:value:menu`;
    await run(globex, () => tenantCache().set(lookalike, "globex's"));
    await run(acme, async () => {
      await tenantCache().tags("a").set("menu", "acme's");
      await tenantCache().lock("report").acquire();
    });

    await tenancy.events.emit("tenantPurged", { tenant: acme });

    const left = await withRedis(redisUrl, (client) => client.keys(`${prefix}*`));
    expect(left.filter((key) => key.startsWith(`${prefix}:cache:1:{${acme.id}`))).toEqual([]);
    expect(await run(globex, () => tenantCache().get(lookalike))).toBe("globex's");
  });

  it.each<[string, string]>([
    ["no JSON", "{"],
    ["JSON of something else", '{"value":1}'],
    ["another version", '[2,"VERSION",[],"old"]'],
    ["another owner's version", '[1,"somebody/1",[],"foreign"]'],
    ["a prototype", '[1,"VERSION",[],{"a":{"__proto__":{"isAdmin":true}}}]'],
    ["a prototype in disguise", '[1,"VERSION",[],{"a":{"\\u005f_proto__":{"isAdmin":true}}}]'],
    ["tags that are none", '[1,"VERSION",[7],"value"]'],
    ["much too much", `[1,"VERSION",[],"${"x".repeat(1_100_000)}"]`],
  ])("F099: takes %s in Redis for nothing, and makes the value anew", async (_, text) => {
    const prefix = ownPrefix();
    const { acme, run, tenantCache } = await startOnRedis({
      ...{ url: redisUrl, prefix, timeout: 5_000 },
    });
    const key = `${prefix}:cache:1:{${acme.id}~1}:default:`;
    await run(acme, () => tenantCache().set("menu", "good"));
    await withRedis(redisUrl, async (client) => {
      const version = (await client.get(`${key}version:all`)) ?? "";
      await client.set(`${key}value:menu`, text.replace("VERSION", version));
    });

    await run(acme, async () => {
      expect(await tenantCache().get("menu")).toBeUndefined();
      expect(await tenantCache().getOrSet("menu", () => "new")).toBe("new");
      expect(await tenantCache().get("menu")).toBe("new");
    });
  });

  it("F096: without Redis values are made, what has to be certain is refused, and all is well when it is back", async () => {
    const redis = await ownRedis();
    const failures: unknown[] = [];
    const { tenancy, acme, globex, run, tenantCache, globalCache } = await startOnRedis({
      ...{ url: redis.url, prefix: "down", timeout: 5_000 },
    });
    tenancy.events.on("failure", ({ error }) => void failures.push(error));
    for (const tenant of [acme, globex]) {
      await run(tenant, () => tenantCache().set("name", tenant.slug));
    }
    await redis.stop();

    await run(globex, async () => {
      const cache = tenantCache();
      expect(await cache.get("name")).toBeUndefined();
      expect([await cache.has("name"), await cache.set("name", "lost")]).toEqual([false, false]);
      expect(await cache.getOrSet("name", () => "made")).toBe("made");
      for (const call of [
        () => cache.delete("name"),
        () => cache.clear(),
        () => cache.clear({ tags: "a" }),
        () => cache.increment("count"),
        () => cache.lock("report").acquire(),
        () => globalCache().clear(),
      ]) {
        await expect(call()).rejects.toMatchObject({ code: "CACHE_UNAVAILABLE", status: 503 });
      }
    });
    expect(failures).toHaveLength(1);

    await redis.start();
    await vi.waitFor(
      () => run(acme, async () => expect(await tenantCache().set("name", "acme")).toBe(true)),
      { timeout: 20_000, interval: 50 },
    );
    expect(await run(acme, () => tenantCache().get("name"))).toBe("acme");
    expect(await run(globex, () => tenantCache().get("name"))).toBeUndefined();
  });

  it("F096: says that Redis is away where that is wished, and starts without it", async () => {
    const url = "redis://127.0.0.1:1";
    const lenient = await startCaches(redisCache({ url, prefix: "none" }));
    const strict = await startCaches(redisCache({ url, prefix: "none" }), {
      onUnavailable: "throw",
    });

    const { acme } = lenient;
    expect(await lenient.run(acme, () => lenient.tenantCache().getOrSet("a", () => 1))).toBe(1);
    for (const call of [
      () => strict.tenantCache().get("a"),
      () => strict.tenantCache().set("a", 1),
      () => strict.tenantCache().getOrSet("a", () => 1),
    ]) {
      await expect(strict.run(acme, call)).rejects.toMatchObject({ code: "CACHE_UNAVAILABLE" });
    }
  });

  it("F097: an answer that comes too late, and in pieces, is nobody else's", async () => {
    const relay = await slowRelay(redisUrl);
    const prefix = ownPrefix();
    const { acme, globex, run, tenantCache } = await startCaches(
      redisCache({ url: relay.url, prefix, timeout: 300 }),
    );
    const write = async () => {
      for (const tenant of [acme, globex]) {
        const set = () => tenantCache().set("name", `canary of ${tenant.slug}`);
        expect(await run(tenant, set)).toBe(true);
      }
    };
    await vi.waitFor(write, { timeout: 20_000, interval: 20 });

    relay.hold();
    const late = await run(acme, () => tenantCache().get("name"));
    relay.letGo();
    const read = () => run(globex, () => tenantCache().get("name"));
    const seen = new Set<unknown>();
    await vi.waitFor(
      async () => {
        const found = await read();
        seen.add(found);
        expect(found).toBe("canary of globex");
      },
      { timeout: 20_000, interval: 1 },
    );

    expect(late).toBeUndefined();
    seen.delete(undefined);
    expect([...seen]).toEqual(["canary of globex"]);
    expect(await run(acme, () => tenantCache().get("name"))).not.toBe("canary of globex");
  });
});

it("C062: an application may use a cache of no tenant beside the tenant's, on purpose", async () => {
  const { acme, globex, run, tenantCache, globalCache } = await startCaches(memoryCache());
  const rates = globalCache();

  await run(acme, async () => {
    await rates.set("EUR", 1.08);
    await tenantCache().set("EUR", 2);
  });

  expect(await run(globex, () => rates.get("EUR"))).toBe(1.08);
  expect(await run(globex, () => tenantCache().get("EUR"))).toBeUndefined();
});

/** Passes bytes on one at a time, and holds answers back while it is told to. */
async function slowRelay(url: string) {
  const { hostname, port } = new URL(url);
  let isHeld = false;
  const waiting: (() => void)[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((inner) => {
    const outer = connect(Number(port || 6379), hostname);
    for (const socket of [inner, outer]) {
      sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    }
    inner
      .setNoDelay(true)
      .pipe(outer)
      .on("close", () => inner.destroy());
    outer.on("data", (bytes) => {
      const send = () => {
        for (const byte of bytes) inner.write(Buffer.of(byte));
      };
      if (isHeld) waiting.push(send);
      else send();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    url: `redis://127.0.0.1:${(server.address() as { port: number }).port}`,
    hold: () => {
      isHeld = true;
    },
    letGo: () => {
      isHeld = false;
      for (const send of waiting.splice(0)) send();
    },
  };
}
