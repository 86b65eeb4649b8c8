import { type Clock, manualClock } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { memoryCache } from "../../src/index.ts";
import { startCaches } from "./start-caches.ts";

const never = () => new Promise<string>(() => undefined);

it("a making that never ends keeps nobody else from the key", async () => {
  const { clock, slept } = countingClock();
  const { globalCache } = await startCaches(memoryCache(), { clock, patience: 1_000 });
  const cache = globalCache();
  void cache.getOrSet("key", never);
  let made = 0;
  const ask = () => cache.getOrSet("key", () => `made ${++made}`);
  const waiting = Promise.all([ask(), ask(), ask()]);
  await slept(3);

  await clock.advance(999);
  const before = made;
  await clock.advance(1);

  expect(before).toBe(0);
  // One made it, and the others had it from that one.
  expect(await waiting).toEqual(["made 1", "made 1", "made 1"]);
  expect(await ask()).toBe("made 1");
});

it("who has waited twice makes it, whoever else is at it", async () => {
  const { clock, slept } = countingClock();
  const { globalCache } = await startCaches(memoryCache(), { clock, patience: 1_000 });
  const cache = globalCache();
  void cache.getOrSet("key", never);
  void cache.getOrSet("key", never);
  await slept(1);
  await clock.advance(400);
  void cache.getOrSet("key", never);
  await slept(2);
  await clock.advance(100);
  const last = cache.getOrSet("key", () => "made");
  await slept(3);

  await clock.advance(1_000); // the second one has taken over, and is waited for
  await slept(5);
  await clock.advance(1_000); // the third one has taken over

  expect(await last).toBe("made");
});

it("two that wait for each other's keys are ended by patience", async () => {
  const { clock, slept } = countingClock();
  const { globalCache } = await startCaches(memoryCache(), { clock, patience: 1_000 });
  const cache = globalCache();
  const begun = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  const ask = (own: string, other: string, mine: 0 | 1) =>
    cache.getOrSet(own, async () => {
      begun[mine].resolve();
      await begun[mine === 0 ? 1 : 0].promise;
      return cache.getOrSet(other, () => `${other} by ${own}`);
    });
  const both = Promise.all([ask("a", "b", 0), ask("b", "a", 1)]);
  await slept(2);

  await clock.advance(1_000);

  expect(await both).toContain("b by a");
});

it("what took too long is not put over what was made and written since", async () => {
  const { clock, slept } = countingClock();
  const { globalCache } = await startCaches(memoryCache(), { clock, patience: 1_000 });
  const cache = globalCache();
  const late = Promise.withResolvers<string>();
  const first = cache.getOrSet("key", () => late.promise);
  const second = cache.getOrSet("key", () => "new");
  await slept(1);
  await clock.advance(1_000);
  await second;

  late.resolve("old");

  expect(await first).toBe("old");
  expect(await cache.get("key")).toBe("new");
});

it("what a making has left behind may ask for the key when it is over", async () => {
  const { globalCache } = await startCaches(memoryCache());
  const cache = globalCache();
  const over = Promise.withResolvers<void>();
  let left: Promise<string> = Promise.resolve("");
  await cache.getOrSet("key", () => {
    left = over.promise.then(() => cache.getOrSet("key", () => "later"));
    return undefined;
  });

  over.resolve();

  expect(await left).toBe("later");
});

it("nothing is kept for everybody when the tenancy is closed", async () => {
  const { tenancy, globalCache } = await startCaches(memoryCache());
  const cache = globalCache();
  await cache.set("key", 1);

  await tenancy.close();

  for (const call of [
    () => cache.set("key", 2),
    () => globalCache().get("key"),
    () => cache.getOrSet("other", () => 1),
    () => cache.lock("report").acquire(),
  ]) {
    await expect(call()).rejects.toMatchObject({ code: "TENANCY_CLOSED" });
  }
});

/** A clock that tells when so many have begun to wait. */
function countingClock() {
  const manual = manualClock();
  let count = 0;
  const clock = {
    ...manual,
    sleep(milliseconds: number, signal?: AbortSignal) {
      count += 1;
      return manual.sleep(milliseconds, signal);
    },
  } satisfies Clock & { advance: unknown };
  const slept = (times: number) => expect.poll(() => count).toBeGreaterThanOrEqual(times);
  return { clock, slept };
}
