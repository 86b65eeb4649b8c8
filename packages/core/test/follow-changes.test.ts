import { expect, it, onTestFinished, vi } from "vitest";
import {
  type CentralRegistry,
  type ChangeListener,
  followChanges,
  manualClock,
  memoryRegistry,
  type OutboxEntry,
} from "../src/index.ts";

it("X07: delivers what is committed at once and in order, and goes on where it stopped", async () => {
  const { follow, append, cursor } = following();
  const seen: number[] = [];
  const stop = follow((change) => void seen.push(change.version));

  for (const version of [1, 2, 3]) await append(version);
  await vi.waitUntil(() => seen.length === 3);
  await stop();
  await append(4);
  const later: number[] = [];
  follow((change) => void later.push(change.version));
  await vi.waitUntil(() => later.length === 1);

  expect([seen, later]).toEqual([[1, 2, 3], [4]]);
  await vi.waitUntil(async () => (await cursor()) === 4);
});

it("finds each period what another process committed", async () => {
  const { registry, follow, append, clock } = following();
  const seen: number[] = [];
  follow(({ version }) => void seen.push(version), deaf(registry));
  await append(1);

  await vi.waitUntil(async () => {
    await clock.advance(1_000);
    return seen.length === 1;
  });

  expect(seen).toEqual([1]);
});

it("holds back what is behind a change that failed, and no other tenant's", async () => {
  const { follow, append, clock, failures, cursor } = following();
  let away = true;
  const seen: string[] = [];
  for (const version of [1, 2]) for (const id of ["acme", "globex"]) await append(version, id);

  follow(({ tenantId, version }) => {
    if (away && tenantId === "acme") throw new RangeError("away");
    seen.push(`${tenantId} ${version}`);
  });
  await vi.waitUntil(() => seen.length === 2);
  await append(3, "globex");
  await append(3, "acme");
  await vi.waitUntil(() => seen.length === 3);
  expect(await cursor()).toBe(0);
  away = false;
  await clock.advance(1_000);
  await vi.waitUntil(() => seen.length === 6);

  expect(seen.slice(0, 3)).toEqual(["globex 1", "globex 2", "globex 3"]);
  expect(seen.slice(3)).toEqual(["acme 1", "acme 2", "acme 3"]);
  expect(failures).toEqual([[new RangeError("away"), "acme"]]);
  await vi.waitUntil(async () => (await cursor()) === 6);
});

it("tries a change that fails again after 1, 2, 4 and at last each 60 seconds", async () => {
  const { follow, append, clock } = following();
  const tried: number[] = [];
  await append(1);
  follow(() => {
    tried.push(clock.monotonic() / 1_000);
    throw new RangeError("away");
  });

  for (let second = 0; second < 200; second += 1) await clock.advance(1_000);

  expect(tried).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183]);
});

it("delivers again after a crash what had failed, and nothing that lies before that", async () => {
  const { follow, append, failures } = following();
  await append(1, "globex");
  await append(1, "acme");
  await append(2, "globex");
  const stop = follow(({ tenantId }) => {
    if (tenantId === "acme") throw new RangeError("away");
  });
  await vi.waitUntil(() => failures.length === 1);
  await stop();

  const seen: string[] = [];
  follow(({ tenantId, version }) => void seen.push(`${tenantId} ${version}`));
  await vi.waitUntil(() => seen.length === 2);

  expect(seen).toEqual(["acme 1", "globex 2"]);
});

it("delivers hundreds of changes of a tenant that was held back, each once and in order", async () => {
  const { follow, append, clock, failures } = following();
  for (let version = 1; version <= 250; version += 1) await append(version);
  const seen: number[] = [];
  follow(({ version }) => {
    if (failures.length === 0) throw new RangeError("away");
    seen.push(version);
  });
  await vi.waitUntil(() => failures.length === 1);

  await clock.advance(1_000);
  await vi.waitUntil(() => seen.length === 250);
  await append(251);
  await vi.waitUntil(() => seen.length === 251);

  expect(seen).toEqual(Array.from({ length: 251 }, (_, index) => index + 1));
});

it("delivers once what was committed while its tenant was held back", async () => {
  const { registry, follow, append, clock, failures } = following();
  const seen: number[] = [];
  await append(1);
  follow(({ version }) => {
    if (failures.length === 0) throw new RangeError("away");
    seen.push(version);
  }, deaf(registry));
  await vi.waitUntil(() => failures.length === 1);

  await append(2);
  await clock.advance(3_000);

  expect(seen).toEqual([1, 2]);
});

it("waits with the rest when a thousand tenants fail at once", async () => {
  const { follow, append, clock, failures } = following();
  await append(1, "fine");
  for (let number = 0; number < 1_001; number += 1) await append(1, `tenant-${number}`);
  let away = true;
  const seen = new Set<string>();
  follow(({ tenantId }) => {
    if (away && tenantId !== "fine") throw new RangeError("away");
    seen.add(tenantId);
  });
  await vi.waitUntil(() => failures.length === 1_000);
  await clock.advance(500);

  expect(failures).toHaveLength(1_000);
  away = false;
  await clock.advance(500);
  await vi.waitUntil(() => seen.size === 1_002);
});

it("tells a listener that is at work when it is stopped, and has its change delivered again", async () => {
  const { follow, append, failures, cursor } = following();
  await append(1);
  const begun = Promise.withResolvers<void>();
  const stop = follow((_, signal) => {
    begun.resolve();
    return new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  });
  await begun.promise;

  await stop();

  expect([failures, await cursor()]).toEqual([[], 0]);
});

it("has one of those who follow under a name deliver, and another go on where it stopped", async () => {
  const { follow, append, clock } = following();
  const seen: string[] = [];
  const stop = follow(({ version }) => void seen.push(`first ${version}`));
  await append(1);
  await vi.waitUntil(() => seen.length === 1);
  follow(({ version }) => void seen.push(`second ${version}`));
  await append(2);
  await vi.waitUntil(() => seen.length === 2);

  await clock.advance(60_000);
  await stop();
  await append(3);
  await clock.advance(5_000);
  await vi.waitUntil(() => seen.length === 3);

  expect(seen).toEqual(["first 1", "first 2", "second 3"]);
});

it("takes over from one that died, and that one delivers no more should it come back", async () => {
  const { registry, follow, append, clock, failures } = following();
  const seen: string[] = [];
  let dead = false;
  const dying: CentralRegistry = {
    ...deaf(registry),
    transaction: (work) =>
      dead ? Promise.reject(new RangeError("gone")) : registry.transaction(work),
  };
  const begun = Promise.withResolvers<AbortSignal>();
  const goOn = Promise.withResolvers<void>();
  follow(async ({ version }, signal) => {
    begun.resolve(signal);
    await goOn.promise;
    seen.push(`first ${version}`);
  }, dying);
  await append(1);
  await append(2);
  await clock.advance(1_000);
  const signal = await begun.promise;
  dead = true;

  follow(({ version }) => void seen.push(`second ${version}`));
  await clock.advance(13_000);
  expect([seen, signal.aborted]).toEqual([[], false]);
  await clock.advance(10_000);
  await vi.waitUntil(() => seen.length === 2);
  goOn.resolve();
  await vi.waitUntil(() => seen.length === 3);
  dead = false;
  await clock.advance(30_000);

  expect(signal.aborted).toBe(true);
  expect(seen).toEqual(["second 1", "second 2", "first 1"]);
  expect(failures.length).toBeGreaterThan(0);
});

function following() {
  const clock = manualClock();
  const registry = memoryRegistry({ clock });
  const failures: [unknown, string | undefined][] = [];
  return {
    ...{ registry, clock, failures },
    append: (version: number, tenantId = "acme") =>
      registry.transaction(({ outbox }) =>
        outbox.append({ type: "tenant.updated", tenantId, version, payload: {} }),
      ),
    cursor: () => registry.transaction(({ outbox }) => outbox.cursor("cache")),
    follow(deliver: ChangeListener, of = registry) {
      const failed = (error: unknown, id: string | undefined) => void failures.push([error, id]);
      const stop = followChanges({ registry: of, clock, consumer: "cache", deliver, failed });
      onTestFinished(stop);
      return stop;
    },
  };
}

/** A registry as another process has it: it hears of no commit. */
function deaf(registry: CentralRegistry): CentralRegistry {
  return {
    ...{ name: "deaf", store: registry.store, transaction: (work) => registry.transaction(work) },
    changes: {
      readAfter: (...asked): Promise<readonly OutboxEntry[]> =>
        registry.changes.readAfter(...asked),
      last: () => registry.changes.last(),
      onCommit: () => () => undefined,
    },
  };
}
