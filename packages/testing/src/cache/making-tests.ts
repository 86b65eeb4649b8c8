import { type ApplicationCache, InvalidInputError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { thrownBy } from "../suite/thrown-by.ts";
import type { StartCaches } from "./application-cache-harness.ts";

export function makingTests(start: StartCaches): void {
  it("makes a value once for all who ask at the same time, and once for each tenant", async () => {
    const { acme, globex, run, tenantCache } = await start();
    const made: string[] = [];
    const ask = (slug: string) =>
      tenantCache().getOrSet("menu", async () => {
        made.push(slug);
        await new Promise((resolve) => setTimeout(resolve, 5));
        return { of: slug };
      });

    const given = await Promise.all(
      [acme, globex, acme, globex, acme].map((tenant) => run(tenant, () => ask(tenant.slug))),
    );
    const later = await run(acme, () => ask("later"));

    const [first, second] = [acme.slug, globex.slug];
    expect(given.map((one) => one.of)).toEqual([first, second, first, second, first]);
    expect(later).toEqual({ of: first });
    expect(made.sort()).toEqual([first, second]);
    expect(given[0]).not.toBe(given[2]);
  });

  it("gives a failure to all who wait for it, keeps none, and makes it again", async () => {
    const { acme, run, tenantCache } = await start();
    let tries = 0;
    const fail = async () => {
      tries += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
      throw new InvalidInputError("try", String(tries), "it failed");
    };

    await run(acme, async () => {
      const both = [1, 2].map(() => tenantCache().getOrSet("key", fail));
      const outcomes = await Promise.allSettled(both);
      expect(outcomes.map((one) => one.status)).toEqual(["rejected", "rejected"]);
      expect(tries).toBe(1);
      expect(await tenantCache().getOrSet("key", () => "made")).toBe("made");
    });
  });

  it("keeps no value of nothing", async () => {
    const { acme, run, tenantCache } = await start();

    await run(acme, async () => {
      expect(await tenantCache().getOrSet("key", () => undefined)).toBeUndefined();
      expect(await tenantCache().getOrSet("key", () => null)).toBeNull();
      expect(await tenantCache().getOrSet("key", () => "other")).toBeNull();
    });
  });

  it("does not put back what was made before the key was written or deleted", async () => {
    const { acme, run, tenantCache } = await start();

    await run(acme, async () => {
      const cache = tenantCache();
      await cache.getOrSet("set", async () => {
        await cache.set("set", "new");
        return "old";
      });
      await cache.getOrSet("deleted", async () => {
        await cache.delete("deleted");
        return "old";
      });

      expect(await cache.get("set")).toBe("new");
      expect(await cache.has("deleted")).toBe(false);
    });
  });

  it.each<[string, (cache: ApplicationCache) => Promise<unknown>]>([
    ["its key was deleted", (cache) => cache.delete("price")],
    ["everything was cleared", (cache) => cache.clear()],
    ["its tag was cleared", (cache) => cache.clear({ tags: "prices" })],
  ])("gives what began before %s to nobody who asks after that", async (_, takeAway) => {
    const { acme, globex, run, tenantCache } = await start();
    const [began, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const ask = (price: string, wait?: Promise<void>) =>
      tenantCache()
        .tags("prices")
        .getOrSet("price", async () => {
          began.resolve();
          await wait;
          return price;
        });

    const old = run(acme, () => ask("old", goOn.promise));
    await began.promise;
    const other = run(globex, () => ask("globex", goOn.promise));
    await run(acme, () => takeAway(tenantCache()));
    const after = await run(acme, () => ask("new"));
    goOn.resolve();

    expect([after, await old, await other]).toEqual(["new", "old", "globex"]);
    expect(await run(acme, () => tenantCache().get("price"))).toBe("new");
  });

  it("refuses to make a value by asking for it, itself or by way of another", async () => {
    const { acme, run, tenantCache, globalCache } = await start();

    await run(acme, async () => {
      for (const cache of [tenantCache(), globalCache()]) {
        const itself = () => cache.getOrSet("a", () => cache.getOrSet("a", () => 1));
        const tagged = () => cache.getOrSet("a", () => cache.tags("t").getOrSet("a", () => 1));
        const circle = () =>
          cache.getOrSet("a", () => cache.getOrSet("b", () => cache.getOrSet("a", () => 1)));
        for (const ask of [itself, tagged, circle]) {
          expect(await thrownBy(ask)).toBe("CACHE_REENTRY");
        }
      }
      const nested = tenantCache().getOrSet("a", () =>
        globalCache().getOrSet("a", () => tenantCache().getOrSet("b", () => 1)),
      );
      expect(await nested).toBe(1);
    });
  });

  it("has others make it where the stay of who began is over", async () => {
    const { acme, run, tenantCache } = await start();
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });

    const left = run(acme, async () => {
      const never = () => {
        begin();
        return new Promise<string>(() => {});
      };
      void tenantCache()
        .getOrSet("key", never)
        .catch(() => {});
      await begun;
      await new Promise((resolve) => setTimeout(resolve, 20));
    });
    const stays = run(acme, async () => {
      await begun;
      return tenantCache().getOrSet("key", () => "made here");
    });
    await left;

    expect(await stays).toBe("made here");
  });
}
