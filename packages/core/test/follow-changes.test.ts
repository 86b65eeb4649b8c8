import { expect, it, onTestFinished, vi } from "vitest";
import {
  type CentralRegistry,
  followChanges,
  manualClock,
  memoryRegistry,
  type OutboxEntry,
} from "../src/index.ts";

it("X07: delivers what is committed at once and in order, and goes on where it stopped", async () => {
  const { registry, follow, append } = following();
  const stop = follow("cache", (change) => void seen.push(change.version));
  const seen: number[] = [];

  for (const version of [1, 2, 3]) await append(version);
  await vi.waitUntil(() => seen.length === 3);
  await stop();
  await append(4);
  const later: number[] = [];
  follow("cache", (change) => void later.push(change.version));
  await vi.waitUntil(() => later.length === 1);

  expect([seen, later]).toEqual([[1, 2, 3], [4]]);
  await vi.waitUntil(async () => (await cursor(registry)) === 4);
});

it("delivers a change again that failed, and nothing behind it before", async () => {
  const { follow, append, clock, failures } = following();
  const tried: number[] = [];
  await append(1);
  await append(2);
  follow("cache", ({ version }) => {
    tried.push(version);
    if (tried.length === 1) throw new RangeError("away");
  });
  await vi.waitUntil(() => failures.length === 1);
  expect(tried).toEqual([1]);

  await vi.waitUntil(async () => {
    await clock.advance(1_000);
    return tried.length === 3;
  });

  expect(tried).toEqual([1, 1, 2]);
});

it("finds each period what another process committed", async () => {
  const { registry, follow, append, clock } = following();
  const deaf: CentralRegistry = {
    ...{ name: "deaf", store: registry.store, transaction: (work) => registry.transaction(work) },
    changes: {
      readAfter: (after, limit) => registry.changes.readAfter(after, limit),
      last: () => registry.changes.last(),
      onCommit: () => () => undefined,
    },
  };
  const seen: number[] = [];
  follow("cache", ({ version }) => void seen.push(version), deaf);
  await append(1);

  await vi.waitUntil(async () => {
    await clock.advance(1_000);
    return seen.length === 1;
  });

  expect(seen).toEqual([1]);
});

function following() {
  const registry = memoryRegistry();
  const clock = manualClock();
  const failures: unknown[] = [];
  return {
    ...{ registry, clock, failures },
    append: (version: number) =>
      registry.transaction(({ outbox }) =>
        outbox.append({ type: "tenant.updated", tenantId: "acme", version, payload: {} }),
      ),
    follow(consumer: string, deliver: (change: OutboxEntry) => void, of = registry) {
      const failed = (error: unknown) => void failures.push(error);
      const stop = followChanges({ registry: of, clock, consumer, deliver, failed });
      onTestFinished(stop);
      return stop;
    },
  };
}

function cursor(registry: CentralRegistry): Promise<number> {
  return registry.transaction(({ outbox }) => outbox.cursor("cache"));
}
