import type { CentralRegistry, HistoryKind } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { acme, globex } from "../fixtures/tenant-record.ts";
import type { MakeRegistry } from "./central-registry-harness.ts";
import { newOperation } from "./new-operation.ts";

/** Checks that a registry removes what is over and old, and nothing else. */
export function historyTests(make: MakeRegistry): void {
  it("removes old changes that every consumer has had, the oldest first, and never the latest", async () => {
    const registry = await make();
    await append(registry, 6);
    const [first = 0, second, third, fourth, fifth, sixth] = await sequences(registry);
    await move(registry, "mail", fourth);
    await move(registry, "index", first);

    const young = await remove(registry, "changes", hour, 100);
    const slow = await remove(registry, "changes", -hour, 100);
    const afterSlow = await sequences(registry);
    await move(registry, "index", sixth);
    const counted = await count(registry, "changes", -hour);
    const some = await remove(registry, "changes", -hour, 1);
    const afterSome = await sequences(registry);
    await registry.transaction(({ outbox }) => outbox.retire("mail"));
    const rest = await remove(registry, "changes", -hour, 100);

    expect([young, slow, counted, some, rest]).toEqual([0, 1, 3, 1, 3]);
    expect(afterSlow).toEqual([second, third, fourth, fifth, sixth]);
    expect(afterSome).toEqual([third, fourth, fifth, sixth]);
    expect(await sequences(registry)).toEqual([sixth]);
    expect(await registry.changes.last()).toBe(sixth);
    await append(registry, 1);
    expect((await sequences(registry))[1]).toBeGreaterThan(sixth ?? 0);
  });

  it("begins a consumer anew that was retired", async () => {
    const registry = await make();
    await move(registry, "mail", 5);

    await registry.transaction(({ outbox }) => outbox.retire("mail"));

    expect(await registry.transaction(({ outbox }) => outbox.cursor("mail"))).toBe(0);
  });

  it("removes old operations that are over, with their keys, and none that is open", async () => {
    const registry = await make();
    const lease = { owner: "one", leaseMs: 60_000 };
    const done = newOperation({ id: "done", idempotencyKey: "key" });
    const open = newOperation({ id: "open", tenantId: globex().id });
    await registry.transaction(async ({ operations }) => {
      await operations.open(done, lease);
      await operations.save(done.id, lease.owner, { state: "done" });
      await operations.open(open, lease);
    });

    const young = await remove(registry, "operations", hour, 100);
    const counted = await count(registry, "operations", -hour);
    const old = await remove(registry, "operations", -hour, 100);

    expect([young, counted, old]).toEqual([0, 1, 1]);
    const found = await registry.transaction(async ({ operations }) => [
      await operations.find({ id: done.id }),
      await operations.find({ idempotencyKey: "key" }),
      (await operations.find({ id: open.id }))?.id,
    ]);
    expect(found).toEqual([undefined, undefined, open.id]);
  });

  it("removes old plans with their tenants, and none in which one waits or is quarantined", async () => {
    const registry = await make();
    const states = { over: "done", waits: "waiting", apart: "quarantined" } as const;
    for (const [id, state] of Object.entries(states)) await plan(registry, id, state);

    const young = await remove(registry, "plans", hour, 100);
    const counted = await count(registry, "plans", -hour);
    const old = await remove(registry, "plans", -hour, 100);

    expect([young, counted, old]).toEqual([0, 1, 1]);
    const left = await registry.transaction(async ({ migrationPlans, plannedTenants }) => [
      (await migrationPlans.list(10)).map(({ id }) => id),
      await plannedTenants.list("over"),
      (await plannedTenants.list("waits")).length,
    ]);
    expect(left).toEqual([["apart", "waits"], [], 1]);
    await plan(registry, "over", "done");
    const plans = await registry.transaction(({ migrationPlans }) => migrationPlans.list(10));
    expect(plans.map(({ id }) => id)).toEqual(["over", "apart", "waits"]);
  });
}

const hour = 3_600_000;

async function append(registry: CentralRegistry, changes: number): Promise<void> {
  for (let version = 1; version <= changes; version += 1) {
    const change = { type: "tenant.updated", tenantId: acme().id, version, payload: {} };
    await registry.transaction(({ outbox }) => outbox.append(change));
  }
}

async function sequences(registry: CentralRegistry): Promise<readonly number[]> {
  return (await registry.changes.readAfter(0, 100)).map(({ sequence }) => sequence);
}

function move(registry: CentralRegistry, consumer: string, sequence = 0): Promise<void> {
  return registry.transaction(({ outbox }) => outbox.moveCursor(consumer, sequence));
}

function count(registry: CentralRegistry, what: HistoryKind, age: number): Promise<number> {
  return registry.transaction(({ history }) => history.count(what, age));
}

function remove(
  registry: CentralRegistry,
  what: HistoryKind,
  age: number,
  limit: number,
): Promise<number> {
  return registry.transaction(({ history }) => history.remove(what, age, limit));
}

function plan(
  registry: CentralRegistry,
  id: string,
  state: "done" | "waiting" | "quarantined",
): Promise<void> {
  const tenant = { tenantId: acme().id, position: 0, wave: 0 };
  return registry.transaction(async ({ migrationPlans, plannedTenants }) => {
    const { direction, actor, options } = {
      direction: "up" as const,
      actor: "deploy",
      options: {},
    };
    await migrationPlans.insert({ id, direction, actor, options, upToDate: 0 }, [tenant]);
    await plannedTenants.save(id, [
      { ...tenant, state, attempts: 1, mark: undefined, result: undefined },
    ]);
  });
}
