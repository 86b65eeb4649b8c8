import { expect, it } from "vitest";
import { thrownBy } from "../suite/thrown-by.ts";
import type { StartCaches } from "./application-cache-harness.ts";

export function clearingTests(start: StartCaches): void {
  it("F094: clears acme's values, and neither globex's nor the global ones nor locks", async () => {
    const { acme, globex, run, tenantCache, globalCache } = await start();
    const names = Array.from({ length: 30 }, (_, index) => `name ${index}`);
    const values = Object.fromEntries(names.map((name) => [name, name]));
    await globalCache().setMany(values);
    for (const tenant of [acme, globex]) await run(tenant, () => tenantCache().setMany(values));

    await run(acme, async () => {
      await tenantCache().clear();
      expect(await tenantCache().getMany(names)).toEqual(new Map());
      await tenantCache().set("name 1", "after");
      expect(await tenantCache().get("name 1")).toBe("after");
    });

    expect((await run(globex, () => tenantCache().getMany(names))).size).toBe(30);
    expect((await globalCache().getMany(names)).size).toBe(30);
    await globalCache().clear();
    expect((await globalCache().getMany(names)).size).toBe(0);
    expect((await run(globex, () => tenantCache().getMany(names))).size).toBe(30);
  });

  it("C055 C070: clears what has a tag, of one tenant alone, also in a later stay", async () => {
    const { acme, globex, run, tenantCache, globalCache } = await start();
    const fill = async (cache: ReturnType<typeof tenantCache>) => {
      await cache.tags(["menu", "home"]).set("both", 1);
      await cache.tags("menu").set("menu", 2);
      await cache.tags("home").setMany({ home: 3 });
      await cache.set("none", 4);
    };
    const names = ["both", "menu", "home", "none"];
    await fill(globalCache());
    for (const tenant of [acme, globex]) await run(tenant, () => fill(tenantCache()));

    await run(acme, () => tenantCache().clear({ tags: "menu" }));

    const left = async (cache: ReturnType<typeof tenantCache>) => [
      ...(await cache.getMany(names)).keys(),
    ];
    expect(await run(acme, () => left(tenantCache()))).toEqual(["home", "none"]);
    expect(await run(globex, () => left(tenantCache()))).toEqual(names);
    expect(await left(globalCache())).toEqual(names);
    await run(globex, () => tenantCache().tags(["menu", "home"]).clear());
    expect(await run(globex, () => left(tenantCache()))).toEqual(["none"]);
    await run(globex, () => tenantCache().clear({ tags: [] }));
    expect(await run(globex, () => left(tenantCache()))).toEqual(["none"]);
    expect(await left(globalCache())).toEqual(names);
  });

  it("C069: takes tags as one text or one list, adds them up, and needs none for the tenant", async () => {
    const { acme, run, tenantCache } = await start();

    await run(acme, async () => {
      const cache = tenantCache();
      await cache.tags("a").tags(["b", "a"]).set("key", "value");
      expect(await cache.get("key")).toBe("value");
      const twice = cache.tags as (...names: string[]) => unknown;
      for (const names of [[], ["a", "b"]]) {
        expect(await thrownBy(async () => twice.apply(cache, names))).toBe("INVALID_INPUT");
      }
      await cache.clear({ tags: ["b"] });
      expect(await cache.get("key")).toBeUndefined();
    });
  });

  it("takes no tags at all for nothing, and never for everything", async () => {
    const { acme, run, tenantCache } = await start();

    await run(acme, async () => {
      const cache = tenantCache();
      await cache.set("none", 1);
      await cache.tags("a").set("tagged", 2);
      const unset = { tags: undefined } as never;
      for (const call of [
        () => cache.tags([]).clear(),
        () => cache.tags("a").tags([]),
        () => cache.clear(unset),
        () => cache.tags("a").clear(unset),
      ]) {
        expect(await thrownBy(call)).toBe("INVALID_INPUT");
      }
      await cache.clear({ tags: [] });
      await cache.tags("a").clear({ tags: [] });

      expect((await cache.getMany(["none", "tagged"])).size).toBe(2);
    });
  });

  it("tells nobody of what was made before it was cleared", async () => {
    const { acme, run, tenantCache } = await start();

    await run(acme, async () => {
      const cache = tenantCache();
      const tagged = cache.tags("menu");
      const made = await tagged.getOrSet("menu", async () => {
        await cache.clear({ tags: "menu" });
        return "old";
      });
      const other = await cache.getOrSet("other", async () => {
        await cache.clear();
        return "old";
      });

      expect([made, other]).toEqual(["old", "old"]);
      expect(await cache.getMany(["menu", "other"])).toEqual(new Map());
    });
  });
}
