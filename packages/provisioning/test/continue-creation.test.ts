import { IdempotencyConflictError, type TenantRecord } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { gate } from "./support/gate.ts";
import { installation } from "./support/installation.ts";
import { journalOf } from "./support/journal-of.ts";
import { codeThrownBy, thrownBy } from "./support/thrown-by.ts";
import { watchedDatabases } from "./support/watched-databases.ts";

const idempotencyKey = "sign-up-17";

it("gives the tenant of the first call when the key comes again, and vetoes and tells nothing", async () => {
  const { join, registry } = installation();
  const tenancy = await join();
  const input = { slug: "acme", metadata: { b: 1, a: { d: 1, c: 2 } }, idempotencyKey };
  const first = await tenancy.tenants.create(input);
  const told: string[] = [];
  tenancy.events.on("tenantCreating", () => false);
  tenancy.events.on("tenantCreated", () => void told.push("created"));

  const again = await tenancy.tenants.create({
    idempotencyKey,
    metadata: { a: { c: 2, d: 1 }, b: 1 },
    slug: "acme",
  });

  expect(again).toEqual(first);
  expect(told).toEqual([]);
  expect((await journalOf(registry)).tenants).toHaveLength(1);
});

it("says so when the tenant was purged since, and makes no other one", async () => {
  const { join, registry } = installation();
  const { tenants } = await join();
  const { id } = await tenants.create({ slug: "acme", idempotencyKey });
  await tenants.delete(id);
  await tenants.purge(id, { skipGrace: true });

  const again = await thrownBy(() => tenants.create({ slug: "acme", idempotencyKey }));

  expect(again).toMatchObject({
    code: "IDEMPOTENCY_CONFLICT",
    message: expect.stringContaining("is gone: use a new key"),
  });
  expect((await journalOf(registry)).tenants).toEqual([]);
});

it("gives the tenant as it is now, whatever was changed since", async () => {
  const { join } = installation();
  const { tenants } = await join();
  const { id } = await tenants.create({ slug: "acme", idempotencyKey });
  await tenants.update(id, { slug: "acme-inc" });

  const again = await tenants.create({ slug: "acme", idempotencyKey });

  expect(again).toMatchObject({ id, slug: "acme-inc" });
});

it.each([
  [{ slug: "other" }],
  [{ slug: "acme", id: "acme-1" }],
  [{ slug: "acme", plan: "gold" }],
  [{ slug: "acme", domains: [] }],
  [{ slug: "acme", metadata: { seats: 1 } }],
])("refuses the key with other input: %j", async (other) => {
  const { join } = installation();
  const { tenants } = await join();
  await tenants.create({ slug: "acme", idempotencyKey });

  const thrown = await thrownBy(() => tenants.create({ ...other, idempotencyKey }));

  expect(thrown).toBeInstanceOf(IdempotencyConflictError);
});

it("refuses a key that an operation of another kind has", async () => {
  const { join, registry } = installation();
  const { tenants } = await join();
  await registry.transaction(({ operations }) =>
    operations.open({
      id: "o",
      tenantId: "t",
      kind: "delete",
      generation: 1,
      idempotencyKey,
      input: { slug: "acme" },
      actor: undefined,
    }),
  );

  const thrown = await codeThrownBy(() => tenants.create({ slug: "acme", idempotencyKey }));

  expect(thrown).toBe("IDEMPOTENCY_CONFLICT");
});

it("makes one tenant when ten calls with one key come at once, and gives it to all of them", async () => {
  const { join, registry, clock } = installation();
  const [one, other] = [await join(), await join()];

  const calls = Array.from({ length: 10 }, (_, index) =>
    (index % 2 === 0 ? one : other).tenants.create({ slug: "acme", idempotencyKey }),
  );
  await clock.advance(10_000);
  const made = await Promise.all(calls);

  const { tenants, unfinished } = await journalOf(registry);
  expect(tenants).toHaveLength(1);
  expect(unfinished).toEqual([]);
  for (const each of made) expect(each).toEqual(tenants[0]);
});

it("waits while another process works on it", async () => {
  const { join, clock, databases } = installation();
  const [reached, goOn] = [gate(), gate()];
  const slow = watchedDatabases(databases, {
    async before(call) {
      if (call !== "migrate") return;
      reached.open();
      await goOn.opened;
    },
  });
  const [worker, waiter] = [await join({ databases: slow }), await join()];
  const first = worker.tenants.create({ slug: "acme", idempotencyKey });
  await reached.opened;

  let second: TenantRecord | undefined;
  const waiting = waiter.tenants.create({ slug: "acme", idempotencyKey }).then((tenant) => {
    second = tenant;
  });
  await clock.advance(60_000);
  expect(second).toBeUndefined();
  goOn.open();
  const tenant = await first;
  await clock.advance(1_000);
  await waiting;

  expect(second).toEqual(tenant);
  expect(tenant.placement?.generation).toBe(1);
});

it("stops waiting when its own process shuts down", async () => {
  const { join, databases } = installation();
  const [reached, goOn] = [gate(), gate()];
  const slow = watchedDatabases(databases, {
    async before(call) {
      if (call !== "migrate") return;
      reached.open();
      await goOn.opened;
    },
  });
  const [worker, waiter] = [await join({ databases: slow }), await join()];
  const first = worker.tenants.create({ slug: "acme", idempotencyKey });
  await reached.opened;
  const waiting = codeThrownBy(() => waiter.tenants.create({ slug: "acme", idempotencyKey }));
  await new Promise(setImmediate);

  await waiter.close();

  expect(await waiting).toBe("TENANCY_CLOSED");
  goOn.open();
  expect((await first).status).toBe("active");
});

it("continues where it failed in this process, under the same generation", async () => {
  const { join, databases, registry } = installation();
  const calls: string[] = [];
  let isDown = true;
  const flaky = watchedDatabases(databases, {
    before(call) {
      calls.push(call);
      if (call === "migrate" && isDown) throw new TypeError("down");
    },
  });
  const { tenants } = await join({ databases: flaky });
  const failed = await codeThrownBy(() => tenants.create({ slug: "acme", idempotencyKey }));
  isDown = false;

  const acme = await tenants.create({ slug: "acme", idempotencyKey });

  expect(failed).toBe("PROVISIONING_FAILED");
  expect(acme).toMatchObject({ status: "active", placement: { generation: 1 } });
  expect(calls).toEqual(["create", "migrate", "migrate", "verify"]);
  const { ledger, outbox, unfinished } = await journalOf(registry);
  expect(ledger).toMatchObject([{ state: "ready" }]);
  expect(unfinished).toEqual([]);
  const key = { idempotencyKey };
  const journalled = await registry.transaction(({ operations }) => operations.find(key));
  expect(journalled?.input).toEqual({ slug: "acme" });
  expect(journalled?.error).toBeUndefined();
  expect(outbox.map(({ type, version }) => `${type} ${version}`)).toEqual([
    "tenant.creating 1",
    "tenant.failed 2",
    "tenant.creating 3",
    "tenant.created 4",
  ]);
});

it("continues under a new generation what failed in another process", async () => {
  const { join, databases, registry } = installation();
  const broken = watchedDatabases(databases, {
    before(call) {
      if (call === "migrate") throw new TypeError("down");
    },
  });
  const [one, other] = [await join({ databases: broken }), await join()];
  await codeThrownBy(() => one.tenants.create({ slug: "acme", idempotencyKey }));

  const acme = await other.tenants.create({ slug: "acme", idempotencyKey });

  expect(acme).toMatchObject({ status: "active", placement: { generation: 2 } });
  expect((await journalOf(registry)).ledger).toMatchObject([
    { state: "garbage", placement: { generation: 1 } },
    { state: "ready", placement: { generation: 2 } },
  ]);
});

it("does not keep the generation when another process has failed after this one", async () => {
  const { join, databases } = installation();
  let isDown = true;
  const flaky = watchedDatabases(databases, {
    before(call) {
      if (call === "migrate" && isDown) throw new TypeError("down");
    },
  });
  const [one, other] = [await join({ databases: flaky }), await join({ databases: flaky })];
  await codeThrownBy(() => one.tenants.create({ slug: "acme", idempotencyKey }));
  await codeThrownBy(() => other.tenants.create({ slug: "acme", idempotencyKey }));
  isDown = false;

  const acme = await one.tenants.create({ slug: "acme", idempotencyKey });

  expect(acme.placement?.generation).toBe(3);
});

it("takes over when the lease of the first process has expired", async () => {
  const { join, clock, databases } = installation();
  const hung = watchedDatabases(databases, {
    before: (call) => (call === "migrate" ? gate().opened : undefined),
  });
  const stopped = installation().clock;
  const [dead, other] = [await join({ databases: hung, clock: stopped }), await join()];
  void dead.tenants.create({ slug: "acme", idempotencyKey }).catch(() => undefined);
  await clock.advance(9_000);

  const continuing = other.tenants.create({ slug: "acme", idempotencyKey });
  await clock.advance(2_000);

  expect(await continuing).toMatchObject({ status: "active", placement: { generation: 2 } });
});

it("says so when the tenant was removed past the life cycle", async () => {
  const { join, registry } = installation();
  const { tenants } = await join();
  const { id, version } = await tenants.create({ slug: "acme", idempotencyKey });
  await registry.transaction((transaction) => transaction.tenants.remove(id, version));

  const thrown = await codeThrownBy(() => tenants.create({ slug: "acme", idempotencyKey }));

  expect(thrown).toBe("IDEMPOTENCY_CONFLICT");
});

it("discards a creation whose tenant was removed before it was done, and says that it is gone", async () => {
  const { join, registry, databases } = installation();
  const broken = watchedDatabases(databases, {
    before(call) {
      if (call === "migrate") throw new TypeError("down");
    },
  });
  const { tenants } = await join({ databases: broken });
  await codeThrownBy(() => tenants.create({ slug: "acme", idempotencyKey }));
  const [left] = (await journalOf(registry)).tenants;
  await registry.transaction((one) => one.tenants.remove(left?.id ?? "", left?.version ?? 0));

  const thrown = await codeThrownBy(() => tenants.create({ slug: "acme", idempotencyKey }));
  const again = await codeThrownBy(() => tenants.create({ slug: "acme", idempotencyKey }));

  expect([thrown, again]).toEqual(["IDEMPOTENCY_CONFLICT", "IDEMPOTENCY_CONFLICT"]);
  const { unfinished, ledger } = await journalOf(registry);
  expect(unfinished).toEqual([]);
  expect(ledger).toMatchObject([{ state: "garbage" }]);
});
