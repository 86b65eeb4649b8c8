import fc from "fast-check";
import { expect, it } from "vitest";
import { testScale } from "../fixtures/test-scale.ts";
import { thrownBy } from "../suite/thrown-by.ts";
import { anyCharacter } from "./any-character.ts";
import type { StartCaches } from "./application-cache-harness.ts";

export function isolationTests(start: StartCaches): void {
  it("C055 C058 C063 C064 S045: one key holds three values: acme's, globex's and the global one", async () => {
    const { acme, globex, run, tenantCache, globalCache } = await start();
    await globalCache().set("menu", "everybody's");

    const before = await run(acme, () => tenantCache().get("menu"));
    await run(acme, () => tenantCache().set("menu", "acme's"));
    await run(globex, async () => {
      await tenantCache().set("menu", "globex's");
      await globalCache().setMany({ menu: "everybody's by now", other: 1 });
    });

    expect(before).toBeUndefined();
    expect(await run(acme, () => tenantCache().get("menu"))).toBe("acme's");
    expect(await run(globex, () => tenantCache().get("menu"))).toBe("globex's");
    expect(await globalCache().get("menu")).toBe("everybody's by now");
    expect(await run(acme, () => globalCache().getMany(["other", "menu"]))).toEqual(
      new Map<string, unknown>([
        ["other", 1],
        ["menu", "everybody's by now"],
      ]),
    );
  });

  it("C057: acme's value is there after a stay in globex and in no tenant", async () => {
    const { acme, globex, run, tenantCache, globalCache } = await start();
    await run(acme, () => tenantCache().set("colour", "red"));
    await run(globex, () => tenantCache().set("colour", "blue"));
    await globalCache().set("colour", "green");

    expect(await run(acme, () => tenantCache().get("colour"))).toBe("red");
  });

  it("keeps overlapping stays apart, the first of which ends first", async () => {
    const { acme, globex, run, tenantCache } = await start();
    let [begun, ended] = [() => {}, () => {}];
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const hasEnded = new Promise<void>((resolve) => {
      ended = resolve;
    });

    const ofAcme = run(acme, async () => {
      await hasBegun;
      await tenantCache().set("name", "acme");
      return tenantCache().get("name");
    });
    const ofGlobex = run(globex, async () => {
      const cache = tenantCache();
      begun();
      await hasEnded;
      await cache.set("name", "globex");
      return cache.get("name");
    });
    void ofAcme.finally(ended);

    expect([await ofAcme, await ofGlobex]).toEqual(["acme", "globex"]);
    expect(await run(acme, () => tenantCache().get("name"))).toBe("acme");
  });

  it("is nobody's outside of tenants, and nobody's any more when the stay is over", async () => {
    const { acme, globex, run, tenantCache } = await start();
    const kept = await run(acme, async () => {
      const cache = tenantCache();
      await cache.set("name", "acme");
      return { cache, lock: cache.lock("name") };
    });

    expect(await thrownBy(async () => tenantCache())).toBe("NO_TENANT_CONTEXT");
    for (const call of [
      () => kept.cache.get("name"),
      () => kept.cache.set("name", "late"),
      () => kept.cache.clear(),
      () => kept.cache.tags("a").getOrSet("other", () => 1),
      () => kept.lock.acquire(),
    ]) {
      expect(await thrownBy(call)).toBe("CONTEXT_ENDED");
      expect(await thrownBy(() => run(globex, call))).toBe("CONTEXT_ENDED");
    }
  });

  it("takes a cache of acme for acme's also inside globex", async () => {
    const { acme, globex, run, tenantCache } = await start();

    await run(acme, async () => {
      const ofAcme = tenantCache();
      await run(globex, async () => {
        await tenantCache().set("name", "globex");
        await ofAcme.set("name", "acme");
      });
    });

    expect(await run(acme, () => tenantCache().get("name"))).toBe("acme");
    expect(await run(globex, () => tenantCache().get("name"))).toBe("globex");
  });

  it("F098: sees nothing of an earlier generation of the tenant's data", async () => {
    const { acme, run, tenantCache } = await start();
    await run(acme, () => tenantCache().tags("a").set("name", "old"));
    const { placement } = acme;
    const again = {
      ...acme,
      placement: placement && { ...placement, generation: placement.generation + 1 },
    };
    if (placement === undefined) return;

    const found = await run(again, () => tenantCache().get("name")).catch((error: unknown) => {
      // Where the database itself is the generation's, nobody gets that far.
      expect(error).toMatchObject({ code: "DATABASE_MISMATCH" });
    });

    expect(found).toBeUndefined();
  });

  it("F093 F095: no two keys of no two tenants meet, whatever is in them", async () => {
    const { acme, globex, run, tenantCache, globalCache } = await start();
    const owners = [acme, globex, undefined] as const;
    const key = fc
      .oneof(
        fc.string({ unit: anyCharacter(), minLength: 1, maxLength: 20 }),
        fc.constantFrom(
          "a",
          "A",
          "a ",
          " a",
          "ä",
          "a\u0308",
          "*",
          "[a]",
          "{x}",
          "a:b",
          "a::b",
          "%",
          "__proto__",
          "toString",
        ),
        fc.constantFrom(...[acme.id, globex.id].map((id) => `{${id}~1}:default:value:a`)),
      )
      .filter((text) => !text.includes("\0"));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(key, { minLength: 1, maxLength: 4 }), async (keys) => {
        for (const owner of owners) {
          const values = new Map(keys.map((one) => [one, [owner?.id ?? "", one]]));
          const write = () => (owner === undefined ? globalCache() : tenantCache()).setMany(values);
          expect(await (owner === undefined ? write() : run(owner, write))).toBe(true);
        }
        for (const owner of owners) {
          const read = () => (owner === undefined ? globalCache() : tenantCache()).getMany(keys);
          const found = await (owner === undefined ? read() : run(owner, read));
          expect(found).toEqual(new Map(keys.map((one) => [one, [owner?.id ?? "", one]])));
        }
      }),
      { numRuns: Math.ceil(50 * testScale()) },
    );
  });
}
