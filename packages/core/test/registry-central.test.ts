import { expect, it, onTestFinished } from "vitest";
import { createTenancy, memoryRegistry, memoryStore, registryCentral } from "../src/index.ts";
import { acme } from "./support/tenants.ts";

it.each([
  [{ names: "example.com" }, "registryCentral.names"],
  [{ names: ["https://example.com"] }, "registryCentral.names"],
  [{ names: ["example.com", 1] }, "registryCentral.names"],
  [{ name: [] }, "registryCentral.name"],
])("S058: central hosts in the registry refuse the options %j", (options, key) => {
  expect(() => registryCentral(options as never)).toThrow(`"${key}"`);
});

it("S005: central hosts in the registry need one, and belong to one tenancy", () => {
  const central = registryCentral();
  createTenancy({ registry: memoryRegistry(), central });

  expect(() => createTenancy({ registry: memoryRegistry(), central })).toThrow("another tenancy");
  expect(() => createTenancy({ store: memoryStore([acme]), central: registryCentral() })).toThrow(
    '"registry" is missing',
  );
});

it("S005: a registry that is away is told of once, and leaves central what was so", async () => {
  const registry = memoryRegistry();
  const failures: unknown[] = [];
  let isAway = false;
  const { changes } = registry;
  const away = async <R>(work: () => Promise<R>): Promise<R> => (isAway ? JSON.parse("{") : work());
  const flaky = {
    name: "flaky",
    store: registry.store,
    transaction: registry.transaction.bind(registry),
    changes: { ...changes, last: () => away(() => changes.last()) },
  };
  const ticks: (() => void)[] = [];
  const clock = {
    ...{ now: () => Date.now(), monotonic: () => performance.now() },
    sleep: (_milliseconds: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        ticks.push(resolve);
        signal?.addEventListener("abort", () => reject(signal.reason));
      }),
  };
  const tick = async () => {
    ticks.splice(0).forEach((resolve) => {
      resolve();
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const central = registryCentral({ names: ["example.com"] });
  const tenancy = createTenancy({
    ...{ registry: flaky, central, clock, graceMs: 0 },
    hooks: { failure: ({ error }) => void failures.push(error) },
  });
  await tenancy.start();
  onTestFinished(async () => {
    const closing = tenancy.close();
    await tick();
    await closing;
  });
  await central.add("ops.test");
  await tick();

  isAway = true;
  await tick();
  await tick();
  const whileAway = central.has("ops.test");
  const toldAway = failures.length;
  isAway = false;
  await registry.transaction(async ({ centralDomains, outbox }) => {
    await centralDomains.remove("ops.test");
    await outbox.append({ type: "other", tenantId: "", version: 0, payload: null });
  });
  await tick();
  const untold = central.has("ops.test");
  await registry.transaction(({ outbox }) =>
    outbox.append({ type: "central.removed", tenantId: "", version: 0, payload: null }),
  );
  await tick();

  expect([whileAway, toldAway, failures.length]).toEqual([true, 1, 1]);
  expect([untold, central.has("ops.test")]).toEqual([true, false]);
});
