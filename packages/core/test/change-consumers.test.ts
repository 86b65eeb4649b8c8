import { expect, it, onTestFinished, vi } from "vitest";
import {
  type ChangeListeners,
  createTenancy,
  type FailureEvent,
  manualClock,
  memoryRegistry,
  TenancyClosedError,
} from "../src/index.ts";
import { tenantRecord } from "./support/tenants.ts";

const acme = tenantRecord({ id: "tenant-acme", slug: "acme" });

it("X07: tells each consumer after the commit of a rename, from the start to the close", async () => {
  const seen: string[] = [];
  const { tenancy, rename, registry } = composed({
    cache: async ({ tenantId, version }) => {
      const found = await registry.store.find({ by: "id", value: tenantId });
      seen.push(`cache ${version} ${found?.slug}`);
    },
    index: ({ version }) => void seen.push(`index ${version}`),
  });
  await rename("acme-2");
  expect(seen).toEqual([]);

  await tenancy.start();
  await vi.waitUntil(() => seen.length === 2);
  await rename("acme-3");
  await vi.waitUntil(() => seen.length === 4);
  await tenancy.close();
  await rename("acme-4");

  expect(seen.sort()).toEqual(["cache 2 acme-2", "cache 3 acme-3", "index 2", "index 3"]);
  expect(await registry.transaction(({ outbox }) => outbox.cursor("cache"))).toBe(2);
});

it("runs consumers outside every tenant, and lets them enter it", async () => {
  const seen: unknown[] = [];
  const { tenancy, rename } = composed({
    async cache({ tenantId }) {
      seen.push(tenancy.current());
      await tenancy.run(tenantId, ({ slug }) => void seen.push(slug));
    },
  });
  await tenancy.start();

  await tenancy.run(acme, () => rename("acme-2"));
  await vi.waitUntil(() => seen.length === 2);

  expect(seen).toEqual([null, "acme-2"]);
});

it("tells a failure with its tenant, and tries again", async () => {
  const failures: FailureEvent[] = [];
  let tried = 0;
  const { tenancy, rename, clock } = composed({
    cache() {
      tried += 1;
      if (tried === 1) throw new RangeError("away");
    },
  });
  tenancy.events.on("failure", (event) => void failures.push(event));
  await tenancy.start();

  await rename("acme-2");
  await vi.waitUntil(() => failures.length === 1);
  await clock.advance(1_000);
  await vi.waitUntil(() => tried === 2);

  expect(failures).toEqual([{ error: new RangeError("away"), tenantId: acme.id, origin: {} }]);
});

it("lets a consumer finish the change that it is at while it is closed", async () => {
  const begun = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const seen: string[] = [];
  const { tenancy, rename, registry } = composed({
    async cache({ tenantId }) {
      begun.resolve();
      await goOn.promise;
      await tenancy.run(tenantId, ({ slug }) => void seen.push(slug));
    },
  });
  await rename("acme-2");
  await rename("acme-3");
  await tenancy.start();
  await begun.promise;

  const closing = tenancy.close();
  goOn.resolve();
  await closing;

  expect(seen).toEqual(["acme-3"]);
  expect(await registry.transaction(({ outbox }) => outbox.cursor("cache"))).toBe(1);
});

it("waits for a consumer that does not come to an end no longer than the grace", async () => {
  const begun = Promise.withResolvers<void>();
  const { tenancy, rename, clock } = composed({
    cache() {
      begun.resolve();
      return new Promise(() => undefined);
    },
  });
  await tenancy.start();
  await rename("acme-2");
  await begun.promise;

  const closing = tenancy.close();
  await clock.advance(5_000);
  await closing;

  expect(() => tenancy.run(acme, () => undefined)).toThrow(TenancyClosedError);
});

function composed(consumers: ChangeListeners) {
  const clock = manualClock();
  const registry = memoryRegistry();
  const tenancy = createTenancy({ registry, clock, consumers });
  onTestFinished(() => tenancy.close());
  let { version } = acme;
  return {
    ...{ tenancy, registry, clock },
    rename: (slug: string) =>
      registry.transaction(async ({ tenants, outbox }) => {
        if (version === acme.version) await tenants.insert(acme, []);
        await tenants.update(acme.id, version, { slug });
        version += 1;
        const { id } = acme;
        await outbox.append({ type: "tenant.updated", tenantId: id, version, payload: {} });
      }),
  };
}
