import type { OutboxEntry, RegistryTransaction } from "@af-tenancy/core";
import { InvalidInputError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { acme } from "../fixtures/tenant-record.ts";
import type { MakeRegistry } from "./central-registry-harness.ts";

/** Checks that committed changes can be followed without a transaction. */
export function changeTests(make: MakeRegistry): void {
  it("gives committed changes and their latest number, and none of an open transaction", async () => {
    const registry = await make();
    const before = await registry.changes.last();
    let during: unknown[] = [];

    await registry.transaction(async (transaction) => {
      await append(transaction, 1);
      during = [await registry.changes.last(), await registry.changes.readAfter(0, 10)];
    });
    await registry.transaction((transaction) => append(transaction, 2));

    const entries = await registry.changes.readAfter(0, 10);
    expect([before, during]).toEqual([0, [0, []]]);
    expect(entries.map(({ version }) => version)).toEqual([1, 2]);
    expect(await registry.changes.last()).toBe(entries[1]?.sequence);
    expect(await registry.changes.readAfter(entries[0]?.sequence ?? 0, 10)).toEqual([entries[1]]);
    expect(await registry.changes.readAfter(0, 1)).toEqual([entries[0]]);
    expect(await registry.changes.readAfter(0, 0)).toEqual([]);
  });

  it("gives the changes of one tenant only, where it is named", async () => {
    const registry = await make();
    await registry.transaction(async (transaction) => {
      for (const [version, id] of ["globex", "acme", "globex", "acme", "acme"].entries()) {
        await append(transaction, version, id);
      }
    });
    const read = async (after: number, limit: number, id: string) =>
      (await registry.changes.readAfter(after, limit, id)).map(({ version }) => version);
    const [first] = await registry.changes.readAfter(0, 1, "acme");

    const pages = [
      await read(0, 10, "acme"),
      await read(0, 2, "acme"),
      await read(first?.sequence ?? 0, 10, "acme"),
      await read(0, 10, "globex"),
      await read(0, 10, "ACME"),
    ];

    expect(pages).toEqual([[1, 3, 4], [1, 3], [3, 4], [0, 2], []]);
  });

  it("X07: tells listeners after the commit, with what can be read then", async () => {
    const registry = await make();
    const told: (readonly OutboxEntry[])[] = [];
    const read: Promise<readonly OutboxEntry[]>[] = [];
    registry.changes.onCommit((changes) => {
      told.push(changes);
      read.push(registry.changes.readAfter(0, 10));
    });

    await registry.transaction(async (transaction) => {
      await append(transaction, 1);
      await append(transaction, 2);
      expect(told).toEqual([]);
    });

    expect(told.map((changes) => changes.map(({ version }) => version))).toEqual([[1, 2]]);
    expect(await read[0]).toEqual(told[0]);
  });

  it("tells nobody of a transaction that was rolled back or appended nothing", async () => {
    const registry = await make();
    let told = 0;
    registry.changes.onCommit(() => {
      told += 1;
    });

    const failed = registry.transaction(async (transaction) => {
      await append(transaction, 1);
      throw new InvalidInputError("work", "it", "it fails on purpose");
    });
    await expect(failed).rejects.toThrow("on purpose");
    await registry.transaction(({ tenants }) => tenants.insert(acme(), []));

    expect(told).toBe(0);
  });

  it("tells a listener no more after it was removed, and every one that was added on its own", async () => {
    const registry = await make();
    let told = 0;
    const listener = () => {
      told += 1;
    };
    const remove = registry.changes.onCommit(listener);
    registry.changes.onCommit(listener);

    await registry.transaction((transaction) => append(transaction, 1));
    remove();
    await registry.transaction((transaction) => append(transaction, 2));

    expect(told).toBe(3);
  });

  it("keeps a commit whose listener throws, and tells the others", async () => {
    const registry = await make();
    const warned = new Promise((resolve) => process.once("warning", resolve));
    let told = 0;
    registry.changes.onCommit(() => {
      throw new InvalidInputError("listener", "it", "it fails on purpose");
    });
    registry.changes.onCommit(() => {
      told += 1;
    });

    await registry.transaction((transaction) => append(transaction, 1));

    expect(await warned).toMatchObject({ code: "INVALID_INPUT" });
    expect([told, await registry.changes.last()]).toEqual([1, expect.any(Number)]);
    expect(await registry.changes.readAfter(0, 10)).toHaveLength(1);
  });
}

function append(
  { outbox }: RegistryTransaction,
  version: number,
  tenantId = acme().id,
): Promise<number> {
  return outbox.append({ type: "tenant.updated", tenantId, version, payload: {} });
}
