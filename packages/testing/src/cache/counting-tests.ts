import { expect, it } from "vitest";
import { elapse } from "../suite/elapse.ts";
import { thrownBy } from "../suite/thrown-by.ts";
import type { StartCaches } from "./application-cache-harness.ts";

export function countingTests(start: StartCaches): void {
  it("counts for each tenant by itself, and loses nothing when many count at once", async () => {
    const { acme, globex, run, tenantCache } = await start();
    const count = (times: number) =>
      Promise.all(Array.from({ length: times }, () => tenantCache().increment("visits")));

    const [ofAcme, ofGlobex] = await Promise.all([
      run(acme, () => count(8)),
      run(globex, () => count(5)),
    ]);

    expect(ofAcme.sort((one, other) => one - other)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(Math.max(...ofGlobex)).toBe(5);
    expect(await run(acme, () => tenantCache().get("visits"))).toBe(8);
    expect(await run(acme, () => tenantCache().increment("visits", -10))).toBe(-2);
  });

  it("keeps the time that a number has left, and begins anew after it", async () => {
    const { acme, run, tenantCache } = await start();

    await run(acme, async () => {
      const cache = tenantCache();
      await cache.increment("tries", 1, { ttl: 1_000 });
      expect(await cache.increment("tries", 1, { ttl: 60_000 })).toBe(2);
      await elapse(1_050);
      expect(await cache.increment("tries")).toBe(1);
      await cache.clear();
      expect(await cache.increment("tries")).toBe(1);
    });
  });

  it("keeps the tags that a number has, and adds those of who counts", async () => {
    const { acme, globex, run, tenantCache } = await start();
    const count = async () => {
      await tenantCache().tags(["menu", "home"]).setMany({ one: 1, two: 2, three: 3 });
      await tenantCache().increment("one");
      await tenantCache().tags("late").increment("two");
      await tenantCache().tags(["home", "late"]).increment("three");
    };
    for (const tenant of [acme, globex]) await run(tenant, count);
    const left = () => tenantCache().getMany(["one", "two", "three"]);

    await run(acme, async () => {
      await tenantCache().clear({ tags: "late" });
      expect(await left()).toEqual(new Map([["one", 2]]));
      await tenantCache().clear({ tags: "menu" });
      expect((await left()).size).toBe(0);
      expect(await tenantCache().increment("one")).toBe(1);
    });
    await run(globex, async () => {
      expect((await left()).size).toBe(3);
      await tenantCache().clear({ tags: "home" });
      expect((await left()).size).toBe(0);
    });
  });

  it("refuses to add to what is no number", async () => {
    const { acme, run, tenantCache } = await start();

    await run(acme, async () => {
      await tenantCache().set("name", "acme");
      expect(await thrownBy(() => tenantCache().increment("name"))).toBe("INVALID_INPUT");
      expect(await tenantCache().get("name")).toBe("acme");
    });
  });
}
