import type { CentralRegistry, OutboxChange, OutboxEntry } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { acme } from "../fixtures/tenant-record.ts";
import { elapse } from "../suite/elapse.ts";
import type { MakeRegistry } from "./central-registry-harness.ts";
import { withTenants } from "./with-tenants.ts";

/** Checks that changes are read in order, all of them, by each consumer in its own time. */
export function outboxTests(makeEmpty: MakeRegistry): void {
  const make = () => withTenants(makeEmpty);

  it("gives changes back as they were written, in order", async () => {
    const registry = await make();
    const written = [change(1, { slug: "acme" }), change(2, ["ä", null, 1.5]), change(3, "text")];

    const numbers = await append(registry, written);

    const entries = await readAfter(registry, 0);
    expect(entries).toEqual(
      written.map((one, index) => ({ ...one, sequence: numbers[index] ?? "missing" })),
    );
    expect(numbers).toEqual([...numbers].sort((one, two) => one - two));
    expect(new Set(numbers).size).toBe(3);
    expect(numbers[0]).toBeGreaterThan(0);
  });

  it("X07: writes many changes in their order, and tells listeners what they can read", async () => {
    const registry = await make();
    const told: OutboxEntry[] = [];
    registry.changes.onCommit((changes) => void told.push(...changes));
    const count = 1_001;
    const many = Array.from({ length: count }, (_, version) => change(version, { version }));

    await registry.transaction(({ outbox }) => outbox.appendAll(many));
    await registry.transaction(({ outbox }) => outbox.appendAll([]));

    const entries = await readAfter(registry, 0, count + 1);
    expect(entries.map(({ sequence: _, ...one }) => one)).toEqual(many);
    expect(told).toEqual(entries);
  });

  it("gives only what comes after a number, and no more than asked for", async () => {
    const registry = await make();
    const [first = 0, second = 0, third = 0] = await append(registry, [
      change(1),
      change(2),
      change(3),
    ]);

    expect((await readAfter(registry, first)).map(({ sequence }) => sequence)).toEqual([
      second,
      third,
    ]);
    expect((await readAfter(registry, 0, 2)).map(({ sequence }) => sequence)).toEqual([
      first,
      second,
    ]);
    expect(await readAfter(registry, third)).toEqual([]);
    expect(await readAfter(registry, 0, 0)).toEqual([]);
  });

  it("lets a reader who follows the numbers miss nothing while transactions overlap", async () => {
    const registry = await make();
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });

    const slow = registry.transaction(async ({ outbox }) => {
      await outbox.append(change(1));
      await finished;
    });
    const quick = append(registry, [change(2)]);
    await Promise.race([quick, elapse(50)]);
    const reading = readAfter(registry, 0);
    await Promise.race([reading, elapse(50)]);
    finish();
    await Promise.all([slow, quick]);

    const before = await reading;
    const after = await readAfter(registry, before.at(-1)?.sequence ?? 0);
    expect([...before, ...after].map(({ version }) => version).sort()).toEqual([1, 2]);
  });

  it("begins every consumer at 0 and moves each on its own", async () => {
    const registry = await make();

    const cursors = await registry.transaction(async ({ outbox }) => {
      await outbox.moveCursor("cache", 5);
      await outbox.moveCursor("last", 3);
      return [
        await outbox.cursor("cache"),
        await outbox.cursor("last"),
        await outbox.cursor("CACHE"),
        await outbox.cursor("__proto__"),
      ];
    });

    expect(cursors).toEqual([5, 3, 0, 0]);
  });

  it("never moves a cursor back", async () => {
    const registry = await make();
    const move = (sequence: number) =>
      registry.transaction(({ outbox }) => outbox.moveCursor("cache", sequence));
    await move(5);

    await move(4);
    await Promise.all([move(9), move(6), move(8)]);

    expect(await registry.transaction(({ outbox }) => outbox.cursor("cache"))).toBe(9);
  });

  it("numbers changes after a cursor was moved ahead as before", async () => {
    const registry = await make();
    await registry.transaction(async ({ outbox }) => {
      for (const consumer of ["cache", "last"]) await outbox.moveCursor(consumer, 1_000);
    });

    await append(registry, [change(1)]);

    expect(await readAfter(registry, 0)).toHaveLength(1);
  });
}

function change(version: number, payload: OutboxChange["payload"] = {}): OutboxChange {
  return { type: "tenant.updated", tenantId: acme().id, version, payload };
}

function append(registry: CentralRegistry, changes: readonly OutboxChange[]) {
  return registry.transaction(async ({ outbox }) => {
    const numbers: number[] = [];
    for (const one of changes) numbers.push(await outbox.append(one));
    return numbers;
  });
}

function readAfter(registry: CentralRegistry, sequence: number, limit = 100) {
  return registry.transaction(({ outbox }) => outbox.readAfter(sequence, limit));
}
