import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { expect, it, onTestFinished } from "vitest";
import {
  accessRecorder,
  type CentralRegistry,
  ConfigurationError,
  createTenancy,
  manualClock,
  memoryRegistry,
  memoryStore,
} from "../src/index.ts";
import { tenantRecord } from "./support/tenants.ts";

const acme = () => tenantRecord({ id: "tenant-acme", slug: "acme" });
const globex = () => tenantRecord({ id: "tenant-globex", slug: "globex" });
const initech = tenantRecord({ id: "tenant-initech", slug: "initech" });

it("writes 10,000 entries of three tenants once in a period, and raises no version", async () => {
  const { tenancy, clock, writes, read } = await start();

  for (let entered = 0; entered < 10_000; entered += 1) {
    if (entered % 100 === 0) await clock.advance(3_000);
    await tenancy.run([acme(), globex(), initech][entered % 3] ?? acme(), () => undefined);
  }
  await clock.advance(60_000);

  const ids = [acme().id, globex().id, initech.id].sort();
  expect(writes.length).toBeGreaterThan(0);
  expect(writes.length).toBeLessThanOrEqual(1 + (100 * 3_000 + 60_000) / 60_000);
  expect(writes.map((times) => [...times.keys()].sort())).toEqual(writes.map(() => ids));
  expect(writes.map((times) => new Set(times.values()).size)).toEqual(writes.map(() => 1));
  expect(await read(acme().id)).toMatchObject({ version: 1, updatedAt: acme().updatedAt });
  expect((await read(acme().id))?.lastAccessedAt).toBe([...(writes.at(-1)?.values() ?? [])][0]);
});

it("loses one period at most to a crash, and none to a close", async () => {
  const { tenancy, clock, read } = await start();
  await tenancy.run(acme(), () => undefined);
  await clock.advance(60_000);
  await clock.advance(1_000);
  await tenancy.run(acme(), () => undefined);
  await tenancy.run(globex(), () => undefined);
  await clock.advance(59_999);

  const asACrashLeavesIt = [await read(acme().id), await read(globex().id)];
  await tenancy.close();

  expect(asACrashLeavesIt.map((tenant) => tenant?.lastAccessedAt)).toEqual([60_000, undefined]);
  expect((await read(acme().id))?.lastAccessedAt).toBe(120_999);
  expect((await read(globex().id))?.lastAccessedAt).toBe(120_999);
});

it("does not wait on the way in, and writes again what could not be written", async () => {
  const { tenancy, clock, fail, writes, read, failures } = await start();
  const published: unknown[] = [];
  const hear = (failure: unknown) => void published.push(failure);
  subscribe("af-tenancy:failure", hear);
  onTestFinished(() => void unsubscribe("af-tenancy:failure", hear));
  fail(true);

  expect(tenancy.run(acme(), () => "at once")).toBe("at once");
  await clock.advance(60_000);
  expect(writes).toHaveLength(1);
  expect(failures).toEqual([new RangeError("away")]);
  expect(published).toEqual([{ error: new RangeError("away"), tenantId: null, origin: {} }]);
  fail(false);
  await tenancy.run(globex(), () => undefined);
  await clock.advance(60_000);

  expect([...(writes[1]?.keys() ?? [])].sort()).toEqual([acme().id, globex().id].sort());
  expect((await read(acme().id))?.lastAccessedAt).toBe(120_000);
});

it("writes many tenants in steps of 1,000, and nothing while nobody is entered", async () => {
  const { tenancy, clock, writes } = await start();
  await clock.advance(600_000);
  expect(writes).toEqual([]);
  for (let n = 0; n < 2_500; n += 1) {
    await tenancy.run(tenantRecord({ id: `t-${n}`, slug: `t-${n}` }), () => undefined);
  }

  await clock.advance(60_000);
  await clock.advance(600_000);

  expect(writes.map(({ size }) => size)).toEqual([1_000, 1_000, 500]);
});

it("needs a registry, one tenancy and a period that makes sense", () => {
  const recorder = accessRecorder();
  createTenancy({ registry: memoryRegistry(), bootstrappers: [recorder] });

  for (const wrong of [
    () => createTenancy({ registry: memoryRegistry(), bootstrappers: [recorder] }),
    () => createTenancy({ store: memoryStore([acme()]), bootstrappers: [accessRecorder()] }),
    () => accessRecorder({ periodMs: 999 }),
    () => accessRecorder({ periodMs: 86_400_001 }),
    () => accessRecorder({ periodMs: 1_000.5 }),
    () => accessRecorder({ period: 1_000 } as object),
  ]) {
    expect(wrong).toThrow(ConfigurationError);
  }
});

async function start() {
  const clock = manualClock();
  const real = memoryRegistry({ clock });
  const writes: ReadonlyMap<string, number>[] = [];
  let failing = false;
  const { name, store, changes } = real;
  const registry: CentralRegistry = {
    ...{ name, store, changes },
    transaction: (work) =>
      real.transaction((transaction) =>
        work({
          ...transaction,
          accesses: {
            async record(times) {
              writes.push(times);
              if (failing) throw new RangeError("away");
              await transaction.accesses.record(times);
            },
          },
        }),
      ),
  };
  for (const tenant of [acme(), globex(), initech]) {
    await real.transaction(({ tenants }) => tenants.insert(tenant, []));
  }
  const failures: unknown[] = [];
  const tenancy = createTenancy({
    ...{ registry, clock, bootstrappers: [accessRecorder()] },
    hooks: { failure: ({ error }) => void failures.push(error) },
  });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  return {
    ...{ tenancy, clock, writes, failures },
    read: (id: string) => store.find({ by: "id", value: id }),
    fail(now: boolean) {
      failing = now;
    },
  };
}
