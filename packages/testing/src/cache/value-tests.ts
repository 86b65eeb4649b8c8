import fc from "fast-check";
import { expect, it } from "vitest";
import { testScale } from "../fixtures/test-scale.ts";
import { elapse } from "../suite/elapse.ts";
import { thrownBy } from "../suite/thrown-by.ts";
import { anyCharacter } from "./any-character.ts";
import type { StartCaches } from "./application-cache-harness.ts";

export function valueTests(start: StartCaches): void {
  it("finds what was set, until it is deleted", async () => {
    const { acme, run, tenantCache } = await start();

    await run(acme, async () => {
      const cache = tenantCache();
      expect(await cache.set("one", { a: [1, null, true] })).toBe(true);
      expect(await cache.setMany(new Map([["two", "2"]]))).toBe(true);
      expect(await cache.get("one")).toEqual({ a: [1, null, true] });
      expect([await cache.has("one"), await cache.has("three")]).toEqual([true, false]);
      expect(await cache.getMany(["two", "three", "one"])).toEqual(
        new Map<string, unknown>([
          ["two", "2"],
          ["one", { a: [1, null, true] }],
        ]),
      );
      expect(await cache.getMany([])).toEqual(new Map());
      expect(await cache.set("one", "anew")).toBe(true);
      expect(await cache.get("one")).toBe("anew");
      expect(await cache.delete(["one", "three"])).toBe(true);
      expect(await cache.delete("one")).toBe(false);
      expect(await cache.get("one")).toBeUndefined();
      expect(await cache.get("two")).toBe("2");
    });
  });

  it("forgets what has had its time, and nothing else", async () => {
    const { acme, run, tenantCache } = await start();

    await run(acme, async () => {
      const cache = tenantCache();
      await cache.set("long", "there");
      await cache.set("short", "there", { ttl: 30 });
      await elapse(80);
      expect(await cache.get("short")).toBeUndefined();
      expect(await cache.get("long")).toBe("there");
    });
  });

  it("gives each a copy, and keeps one", async () => {
    const { acme, run, tenantCache } = await start();
    const given = { list: [1] };

    await run(acme, async () => {
      const cache = tenantCache();
      await cache.set("list", given);
      given.list.push(2);
      const got = await cache.get<typeof given>("list");
      got?.list.push(3);
      const made = await cache.getOrSet("made", () => given);
      made.list.push(4);

      expect(await cache.get("list")).toEqual({ list: [1] });
      expect(await cache.get("made")).toEqual({ list: [1, 2] });
      expect(given).toEqual({ list: [1, 2] });
    });
  });

  it("gives back whatever survives JSON as it was", async () => {
    const { acme, run, tenantCache } = await start();
    const value = fc
      .jsonValue({ maxDepth: 4, stringUnit: anyCharacter() })
      .filter((one) => !/"__proto__"|-0\b/.test(JSON.stringify(one)) && !hasNegativeZero(one));
    await fc.assert(
      fc.asyncProperty(value, (one) =>
        run(acme, async () => {
          await tenantCache().set("value", one);
          expect(await tenantCache().get("value")).toEqual(one);
        }),
      ),
      { numRuns: Math.ceil(50 * testScale()) },
    );
  });

  it("F099: refuses what would come back as something else, and keeps what was there", async () => {
    const { acme, run, tenantCache } = await start();
    const refused: Readonly<Record<string, unknown>> = {
      nothing: undefined,
      "a date": new Date(),
      "a map": new Map(),
      "a function": () => 1,
      "a big number": 10n,
      "no number": Number.NaN,
      "a list with holes": Array(3),
      "an own prototype": JSON.parse('{"a":{"__proto__":{"isAdmin":true}}}'),
      "something deep inside": { a: [{ b: Symbol("c") }] },
      "more than a value may have": "x".repeat(1_000_001),
      "a getter that throws": {
        get a() {
          return "x".repeat(-1);
        },
      },
      "a proxy that is revoked": revoked(),
    };

    await run(acme, async () => {
      await tenantCache().set("value", "as it was");
      for (const [what, value] of Object.entries(refused)) {
        const set = () => tenantCache().set("value", value);
        expect([what, await thrownBy(set)]).toEqual([what, "INVALID_INPUT"]);
      }
      expect(await thrownBy(() => tenantCache().setMany(revoked()))).toBe("INVALID_INPUT");
      const failing = tenantCache().set("value", refused["a getter that throws"]);
      await expect(failing).rejects.toMatchObject({ cause: expect.any(RangeError) });
      expect(await tenantCache().get("value")).toBe("as it was");
    });
  });

  it("refuses keys that not every store keeps apart", async () => {
    const { acme, run, tenantCache } = await start();

    await run(acme, async () => {
      const cache = tenantCache();
      for (const key of [7, "", "\ud800", "a\0b", "x".repeat(241)] as readonly string[]) {
        for (const call of [
          () => cache.get(key),
          () => cache.set(key, 1),
          () => cache.delete(key),
          () => cache.getOrSet(key, () => 1),
          () => cache.increment(key),
          () => cache.lock(key),
          () => cache.tags(key),
        ]) {
          expect([key, await thrownBy(call)]).toEqual([key, "INVALID_INPUT"]);
        }
      }
    });
  });

  it("refuses times and options that mean nothing", async () => {
    const { acme, run, tenantCache } = await start();

    await run(acme, async () => {
      const cache = tenantCache();
      for (const options of [{ ttl: 0 }, { ttl: 1.5 }, { ttl: 2_592_000_001 }, { tll: 5 }, null]) {
        expect(await thrownBy(() => cache.set("key", 1, options as never))).toBe("INVALID_INPUT");
      }
      expect(await thrownBy(() => cache.clear({ tag: "a" } as never))).toBe("INVALID_INPUT");
      expect(await cache.get("key")).toBeUndefined();
    });
  });
}

function hasNegativeZero(value: unknown): boolean {
  if (typeof value === "object" && value !== null)
    return Object.values(value).some(hasNegativeZero);
  return Object.is(value, -0);
}

function revoked(): Readonly<Record<string, unknown>> {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
