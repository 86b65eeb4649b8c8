import type { CentralRegistry } from "@af-tenancy/core";
import { centralDomains } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { provisioning } from "../src/index.ts";
import { gate } from "./support/gate.ts";
import { installation } from "./support/installation.ts";
import { journalOf } from "./support/journal-of.ts";
import { codeThrownBy, thrownBy } from "./support/thrown-by.ts";
import { watchedDatabases } from "./support/watched-databases.ts";

it("is renewed three times in its length while a step runs", async () => {
  const { join, clock, databases, registry } = installation();
  const [reached, goOn] = [gate(), gate()];
  const slow = watchedDatabases(databases, {
    async before(call) {
      if (call !== "migrate") return;
      reached.open();
      await goOn.opened;
    },
  });
  const { tenants } = await join({ databases: slow, leaseMs: 3_000 });
  const creating = tenants.create({ slug: "acme" });
  await reached.opened;

  const left: number[] = [];
  for (let second = 0; second < 10; second += 1) {
    await clock.advance(1_000);
    const [operation] = (await journalOf(registry)).unfinished;
    left.push((operation?.leaseUntil ?? 0) - clock.now());
    expect(operation?.attempt).toBe(1);
  }
  goOn.open();

  expect(left).toEqual(Array(10).fill(3_000));
  expect((await creating).status).toBe("active");
});

it("is not renewed any more once the operation is done", async () => {
  const { join, clock, registry } = installation();
  const { tenants } = await join({ leaseMs: 300 });
  let transactions = 0;
  const before = registry.transaction;
  registry.transaction = (work) => {
    transactions += 1;
    return before.call(registry, work) as ReturnType<typeof work>;
  };

  await tenants.create({ slug: "acme" });
  const after = transactions;
  await clock.advance(10_000);

  expect(transactions).toBe(after);
});

it("says in the journal whose it is, and never has the same name twice", async () => {
  const { join, databases, registry } = installation();
  const owners: unknown[] = [];
  const watched = watchedDatabases(databases, {
    async before() {
      owners.push((await journalOf(registry)).unfinished[0]?.leaseOwner);
    },
  });
  const { tenants } = await join({ databases: watched, owner: "worker-7" });

  await tenants.create({ slug: "acme" });
  await tenants.create({ slug: "globex" });

  expect(owners).toHaveLength(6);
  expect(new Set(owners).size).toBe(2);
  for (const owner of owners) expect(owner).toMatch(/^worker-7#/);
});

it("when it is lost, its step's signal is aborted, the call ends, and nothing else is touched", async () => {
  const { join, clock, registry } = installation();
  const signals: AbortSignal[] = [];
  const [reached, goOn] = [gate(), gate()];
  const wait = {
    kind: "wait",
    steps: [
      {
        name: "wait",
        async run({ signal }: { signal: AbortSignal }) {
          signals.push(signal);
          reached.open();
          await goOn.opened;
        },
      },
    ],
  };
  const { tenants } = await join({ operations: [wait], leaseMs: 3_000 });
  const { id } = await tenants.create({ slug: "acme" });
  const running = codeThrownBy(() => tenants.run("wait", id, null));
  await reached.opened;
  await registry.transaction(async ({ operations }) => {
    const [operation] = await operations.unfinished();
    await operations.save(operation?.id ?? "", operation?.leaseOwner ?? "", { state: "failed" });
    await operations.claim(operation?.id ?? "", "somebody else", 60_000);
  });

  await clock.advance(1_000);

  expect(await running).toBe("STALE_OPERATION");
  expect(signals[0]?.aborted).toBe(true);
  expect(signals[0]?.reason).toMatchObject({ code: "STALE_OPERATION" });
  const [after] = (await journalOf(registry)).unfinished;
  expect(after).toMatchObject({
    state: "running",
    leaseOwner: "somebody else",
    done: [],
    attempt: 2,
  });
  goOn.open();
});

it("does not take back an operation that another owner had meanwhile and has left", async () => {
  const { join, clock, registry, databases } = installation();
  const [reached, goOn] = [gate(), gate()];
  const slow = watchedDatabases(databases, {
    async before(call) {
      if (call !== "migrate") return;
      reached.open();
      await goOn.opened;
    },
  });
  const { tenants } = await join({ databases: slow, leaseMs: 3_000 });
  const creating = codeThrownBy(() => tenants.create({ slug: "acme" }));
  await reached.opened;
  await registry.transaction(async ({ operations }) => {
    const [operation] = await operations.unfinished();
    await operations.save(operation?.id ?? "", operation?.leaseOwner ?? "", { state: "failed" });
  });

  await clock.advance(1_000);

  expect(await creating).toBe("STALE_OPERATION");
  expect((await journalOf(registry)).unfinished).toMatchObject([
    { state: "failed", leaseOwner: undefined, attempt: 1 },
  ]);
  goOn.open();
});

it("when it is lost between two steps, the next one does not begin", async () => {
  const { join, clock, registry } = installation();
  const ran: string[] = [];
  const steps = ["one", "two"].map((name) => ({ name, run: async () => void ran.push(name) }));
  const tenancy = await join({ operations: [{ kind: "steps", steps }] });
  const { id } = await tenancy.tenants.create({ slug: "acme" });
  tenancy.events.on("operationProgress", async ({ operation }) => {
    await registry.transaction(({ operations }) =>
      operations.save(operation.id, operation.leaseOwner ?? "", { state: "failed" }),
    );
    await clock.advance(4_000);
  });

  const thrown = await codeThrownBy(() => tenancy.tenants.run("steps", id, {}));

  expect(thrown).toBe("STALE_OPERATION");
  expect(ran).toEqual(["one"]);
});

it("takes no comfort in finding its own progress written by another owner", async () => {
  const { join, clock, registry } = installation();
  const [reached, wake, hung] = [gate(), gate(), gate()];
  const ran: string[] = [];
  const slow = {
    kind: "steps",
    steps: [
      {
        name: "one",
        async run() {
          reached.open();
          await wake.opened;
        },
      },
      { name: "two", run: async () => void ran.push("two") },
    ],
  };
  const zombie = await join({ operations: [slow], clock: installation().clock });
  const { id } = await zombie.tenants.create({ slug: "acme" });
  const running = codeThrownBy(() => zombie.tenants.run("steps", id, {}));
  await reached.opened;
  await clock.advance(10_000);
  const steps = [
    { name: "one", run: async () => undefined },
    {
      name: "two",
      async run() {
        wake.open();
        await hung.opened;
      },
    },
  ];
  const successor = await join({ operations: [{ kind: "steps", steps }] });
  const repairing = successor.tenants.repair();

  expect(await running).toBe("STALE_OPERATION");
  expect(ran).toEqual([]);
  expect((await journalOf(registry)).unfinished).toMatchObject([{ done: ["one"], attempt: 2 }]);
  hung.open();
  expect((await repairing).finished).toMatchObject([{ done: ["one", "two"] }]);
});

it("survives a registry that is away for a while, and is lost when it stays away for its whole length", async () => {
  const { join, clock, registry, databases } = installation();
  const [reached, goOn] = [gate(), gate()];
  const slow = watchedDatabases(databases, {
    async before(call) {
      if (call !== "migrate") return;
      reached.open();
      await goOn.opened;
    },
  });
  let isDown = false;
  const flaky: CentralRegistry = {
    name: "flaky",
    store: registry.store,
    changes: registry.changes,
    transaction: (work) =>
      isDown ? Promise.reject(new RangeError("down")) : registry.transaction(work),
  };
  const { tenants } = await join({ databases: slow, registry: flaky, leaseMs: 3_000 });
  let ended: unknown;
  const creating = codeThrownBy(() => tenants.create({ slug: "acme" })).then((code) => {
    ended = code;
  });
  await reached.opened;

  isDown = true;
  await clock.advance(2_000);
  isDown = false;
  await clock.advance(1_000);
  isDown = true;
  await clock.advance(2_000);
  expect(ended).toBeUndefined();
  await clock.advance(1_000);
  await creating;

  expect(ended).toBe("STALE_OPERATION");
  goOn.open();
});

it("when the process shuts down, the call ends and the operation is left for repair", async () => {
  const { join, clock, registry, databases } = installation();
  const [reached, goOn] = [gate(), gate()];
  const slow = watchedDatabases(databases, {
    async before(call) {
      if (call !== "migrate") return;
      reached.open();
      await goOn.opened;
    },
  });
  const dying = await join({ databases: slow });
  const creating = thrownBy(() => dying.tenants.create({ slug: "acme" }));
  await reached.opened;

  await dying.close();

  expect(await creating).toMatchObject({ step: "migrate", cause: { code: "TENANCY_CLOSED" } });
  expect((await journalOf(registry)).unfinished).toMatchObject([{ state: "running" }]);
  expect(await codeThrownBy(() => dying.tenants.create({ slug: "x" }))).toBe("TENANCY_CLOSED");
  goOn.open();
  await clock.advance(10_000);
  const report = await (await join()).tenants.repair();
  expect(report.finished).toMatchObject([{ state: "done", generation: 2 }]);
});

it("begins no step when the process shuts down while it is taken", async () => {
  const { join, registry, databases } = installation();
  const closing: CentralRegistry = {
    name: "closing",
    store: registry.store,
    changes: registry.changes,
    async transaction(work) {
      const result = await registry.transaction(work);
      void tenancy.tenants.close?.();
      return result;
    },
  };
  const untouched = watchedDatabases(databases, { before: () => expect.unreachable() });
  const tenancy = await join({ registry: closing, databases: untouched });

  const thrown = await thrownBy(() => tenancy.tenants.create({ slug: "acme" }));

  expect(thrown).toMatchObject({ step: "database", cause: { code: "TENANCY_CLOSED" } });
  expect((await journalOf(registry)).ledger).toMatchObject([{ state: "creating" }]);
});

it("is not even taken by a process that shuts down", async () => {
  const { clock, registry, databases, join } = installation();
  const operations = provisioning();
  operations.attach?.({
    registry,
    databases,
    clock,
    central: centralDomains([]),
    events: (await join()).events,
    keys: () => expect.unreachable(),
    get: () => expect.unreachable(),
    run: () => expect.unreachable(),
    origin: {},
  });
  const creating = codeThrownBy(() => operations.create({ slug: "acme", idempotencyKey: "k" }));

  await operations.close?.();

  expect(await creating).toBe("TENANCY_CLOSED");
  expect((await journalOf(registry)).tenants).toEqual([]);
});
