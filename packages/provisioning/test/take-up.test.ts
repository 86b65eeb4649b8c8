import { type Placement, type RegistryTransaction, StaleOperationError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { gate } from "./support/gate.ts";
import { installation } from "./support/installation.ts";
import { journalOf } from "./support/journal-of.ts";
import { thrownBy } from "./support/thrown-by.ts";
import { type DatabaseCall, watchedDatabases } from "./support/watched-databases.ts";

it.each(["create", "migrate", "verify"] as const)(
  "F057: a zombie that wakes at %s after the take-over is refused, and its database is swept",
  async (call) => {
    const { join, clock, registry, databases } = installation();
    const [reached, wake] = [gate(), gate()];
    const hanging = watchedDatabases(databases, {
      async before(found) {
        if (found !== call) return;
        reached.open();
        await wake.opened;
      },
    });
    const zombie = await join({ databases: hanging, clock: installation().clock });
    const creating = thrownBy(() => zombie.tenants.create({ slug: "acme" }));
    await reached.opened;
    await clock.advance(10_000);
    const rescuer = await join();
    const first = await rescuer.tenants.repair();
    const before = await journalOf(registry);

    wake.open();

    expect(first.finished).toMatchObject([{ generation: 2 }]);
    expect(await creating).toBeInstanceOf(StaleOperationError);
    expect(await journalOf(registry)).toEqual(before);
    const second = await rescuer.tenants.repair();
    // Where it hung before it made the database it has made it now; later it found its database gone.
    expect(second.swept).toMatchObject(call === "create" ? [{ generation: 1 }] : []);
    const { ledger, tenants } = await journalOf(registry);
    expect(ledger).toMatchObject([{ state: "ready", placement: { generation: 2 } }]);
    expect(tenants).toMatchObject([{ status: "active", version: 3 }]);
  },
);

it("F057: a zombie that wakes between two steps never touches the database of its successor", async () => {
  const { join, clock, registry, databases } = installation();
  const [reached, wake] = [gate(), gate()];
  const touched: (Placement | undefined)[] = [];
  const watched = watchedDatabases(databases, {
    before: (_call, placement) => void touched.push(placement),
  });
  const zombie = await join({ databases: watched, clock: installation().clock });
  zombie.events.on("operationProgress", async ({ step }) => {
    if (step !== "database") return;
    reached.open();
    await wake.opened;
  });
  const creating = thrownBy(() => zombie.tenants.create({ slug: "acme" }));
  await reached.opened;
  await clock.advance(10_000);
  const hung = gate();
  const successor = await join({
    databases: watchedDatabases(databases, {
      async before(call) {
        if (call !== "migrate") return;
        wake.open();
        await hung.opened;
      },
    }),
  });

  const repairing = successor.tenants.repair();
  const ended = await creating;
  hung.open();
  const report = await repairing;

  expect(ended).toBeInstanceOf(StaleOperationError);
  expect(touched.map((placement) => placement?.generation)).toEqual([1]);
  expect(report).toMatchObject({ finished: [{ generation: 2 }] });
  expect((await journalOf(registry)).ledger).toMatchObject([{ placement: { generation: 2 } }]);
});

it("F057: what a zombie makes that wakes before its first step is what the next repair finds and drops", async () => {
  const { join, clock, registry, databases } = installation();
  const [reached, wake] = [gate(), gate()];
  let reads = 0;
  const stalled = {
    name: "stalled",
    store: {
      list: registry.store.list,
      async find(reference: Parameters<typeof registry.store.find>[0]) {
        const found = await registry.store.find(reference);
        reads += 1;
        if (reads > 1) return found;
        reached.open();
        await wake.opened;
        return found;
      },
    },
    changes: registry.changes,
    transaction: <R>(work: (transaction: RegistryTransaction) => Promise<R>): Promise<R> =>
      registry.transaction(work),
  };
  const zombie = await join({ registry: stalled, clock: installation().clock });
  const creating = thrownBy(() => zombie.tenants.create({ slug: "acme" }));
  await reached.opened;
  await clock.advance(10_000);
  const rescuer = await join();
  await rescuer.tenants.repair();

  wake.open();

  expect(await creating).toBeInstanceOf(StaleOperationError);
  const { ledger } = await journalOf(registry);
  expect(ledger.map(({ state, placement }) => [placement.generation, state])).toEqual([
    [1, "garbage"],
    [2, "ready"],
  ]);
  const there = () =>
    Promise.all(
      ledger.map(async ({ tenantId, placement }) =>
        Boolean(await databases.manager(placement).inspect({ tenantId, placement })),
      ),
    );
  expect(await there()).toEqual([true, true]);
  await rescuer.tenants.repair();
  expect(await there()).toEqual([false, true]);
});

it("never uses a wished name again, since the process before may still write to it", async () => {
  const { join, databases } = installation();
  const broken = watchedDatabases(databases, {
    before(call: DatabaseCall) {
      if (call === "verify") throw new TypeError("down");
    },
  });
  const one = await join({ databases: broken });
  await thrownBy(() =>
    one.tenants.create({ slug: "acme", placement: { name: "legacy", secret: "vault-1" } }),
  );

  const report = await (await join()).tenants.repair();

  const [operation] = report.finished;
  const other = await join();
  const acme = await other.find(operation?.tenantId ?? "");
  expect(acme?.placement).toMatchObject({ generation: 2, secret: "vault-1" });
  expect(acme?.placement?.name).toMatch(/^t_[0-9a-f]{32}_g2$/);
  expect(report.swept).toMatchObject([{ name: "legacy", generation: 1 }]);
});

it("keeps what was changed in the tenant meanwhile", async () => {
  const { join, databases } = installation();
  const broken = watchedDatabases(databases, {
    before(call) {
      if (call === "verify") throw new TypeError("down");
    },
  });
  const one = await join({ databases: broken });
  await thrownBy(() => one.tenants.create({ slug: "acme" }));
  await one.tenants.update({ by: "slug", value: "acme" }, { plan: "gold" });
  const two = await join();

  await two.tenants.repair();

  expect(await two.find({ by: "slug", value: "acme" })).toMatchObject({
    status: "active",
    plan: "gold",
  });
});
