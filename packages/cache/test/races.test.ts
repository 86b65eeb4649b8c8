import { setImmediate } from "node:timers/promises";
import { type CentralRegistry, memoryRegistry } from "@af-tenancy/core";
import { testScale } from "@af-tenancy/testing";
import { expect, it } from "vitest";
import { makeSqlite } from "./support/registry-sites.ts";
import { startProcess } from "./support/start-process.ts";
import { registryAt } from "./workers/registry-at.ts";

it("F032: a look-up that read before a change neither answers after it nor is kept", async () => {
  const { registry, hold } = heldRegistry(registryAt(await makeSqlite()));
  const { tenancy, store } = await startProcess(registry);
  const acme = await tenancy.tenants.create({ slug: "acme", domains: ["acme.test"] });
  const globex = await tenancy.tenants.create({ slug: "globex" });

  const held = hold();
  const early = store.find({ by: "domain", value: "acme.test" });
  await held.read;
  const changed = await tenancy.tenants.update(acme.id, { plan: "large" });
  const late = store.find({ by: "domain", value: "acme.test" });
  held.release();

  expect([await early, await late]).toMatchObject([{ plan: "large" }, { plan: "large" }]);
  expect(store.find({ by: "domain", value: "acme.test" })).toEqual(changed);
  expect(await store.find({ by: "slug", value: "globex" })).toEqual(globex);
});

it("F032: that a name leads nowhere is not kept when it was added meanwhile", async () => {
  const { registry, hold } = heldRegistry(registryAt(await makeSqlite()));
  const { tenancy, store } = await startProcess(registry);
  const acme = await tenancy.tenants.create({ slug: "acme", domains: ["acme.test"] });

  const held = hold();
  const early = store.find({ by: "domain", value: "new.test" });
  await held.read;
  await tenancy.tenants.update(acme.id, { domains: ["acme.test", "new.test"] });
  held.release();

  expect((await early)?.id).toBe(acme.id);
  expect(store.find({ by: "domain", value: "new.test" })).toMatchObject({ id: acme.id });
});

it("F032: a look-up that is under way while the store is cleared looks again", async () => {
  const { registry, hold } = heldRegistry(registryAt(await makeSqlite()));
  const { tenancy, store } = await startProcess(registry);
  const acme = await tenancy.tenants.create({ slug: "acme" });

  const held = hold();
  const early = store.find({ by: "slug", value: "acme" });
  await held.read;
  await registry.transaction(({ tenants }) =>
    tenants.update(acme.id, acme.version, { plan: "by hand" }),
  );
  await store.clear();
  held.release();

  expect(await early).toMatchObject({ plan: "by hand" });
  expect(store.find({ by: "slug", value: "acme" })).toMatchObject({ plan: "by hand" });
});

it("F032 G13: of changes and look-ups in any order, none is answered with an older version than the last", async () => {
  const rounds = Math.ceil(1_000 * testScale());
  const { tenancy, store } = await startProcess(registryAt(await makeSqlite()));
  const acme = await tenancy.tenants.create({ slug: "acme", domains: ["acme.test"] });
  const globex = await tenancy.tenants.create({ slug: "globex", domains: ["globex.test"] });
  let committed = acme.version;
  let isOver = false;
  const stale: unknown[] = [];

  const looking = Array.from({ length: 8 }, async (_, number) => {
    const [by, value] = [
      ...[["domain", "acme.test"] as const, ["slug", "acme"] as const, ["id", acme.id] as const],
    ][number % 3] ?? ["id", acme.id];
    while (!isOver) {
      const least = committed;
      const found = await store.find({ by, value });
      if (found === undefined || found.version < least) stale.push([by, least, found?.version]);
      const other = await store.find({ by: "domain", value: "globex.test" });
      if (other?.id !== globex.id) stale.push(other);
      await setImmediate();
    }
  });
  for (let round = 0; round < rounds; round += 1) {
    const { version } = await tenancy.tenants.update(acme.id, { plan: `plan-${round}` });
    committed = version;
  }
  isOver = true;
  await Promise.all(looking);

  expect(committed).toBe(acme.version + rounds);
  expect(stale).toEqual([]);
});

it("F035: a domain that moves leaves the request under way with its tenant, and takes the next along", async () => {
  const { tenancy, request } = await startProcess(registryAt(await makeSqlite()));
  const acme = await tenancy.tenants.create({ slug: "acme", domains: ["shop.test"] });
  const globex = await tenancy.tenants.create({ slug: "globex", domains: ["globex.test"] });
  expect(await request("shop.test")).toBe(acme.id);

  const served = await request("shop.test", async () => {
    await tenancy.tenants.update(acme.id, { domains: [] });
    await tenancy.tenants.update(globex.id, { domains: ["globex.test", "shop.test"] });
  });

  expect(served).toBe(acme.id);
  expect(await request("shop.test")).toBe(globex.id);
  expect(await request("globex.test")).toBe(globex.id);
});

it("F033: a flood of unknown hosts grows nothing, asks once for each and pushes nobody out", async () => {
  const hosts = Math.ceil(1_000_000 * testScale() ** 1.6);
  const registry = memoryRegistry();
  const { tenancy, store, asked } = await startProcess(registry, {
    cache: { maxTenants: 10, maxUnknown: 1_000 },
  });
  const acme = await tenancy.tenants.create({ slug: "acme", domains: ["acme.test"] });
  await store.find({ by: "domain", value: "acme.test" });
  const before = asked();

  for (let host = 0; host < hosts; host += 1) {
    const value = `host-${host}.test`;
    const [one, same] = await Promise.all([find(value), find(value)]);
    if (one !== undefined || same !== undefined) expect([value, one, same]).toEqual([]);
    expect(store.find({ by: "domain", value })).toBeUndefined();
    // As between requests: a process whose timers never run cannot know that its answers are fresh.
    if (host % 1_000 === 0) await setImmediate();
  }

  expect(asked() - before).toBe(hosts);
  expect(store.stats().memory).toMatchObject({ tenants: 1, references: 1, unknown: 1_000 });
  expect(store.find({ by: "domain", value: "acme.test" })).toEqual(acme);

  function find(value: string) {
    return store.find({ by: "domain", value });
  }
});

/** A registry one of whose answers can be held back after it was read. */
function heldRegistry(registry: CentralRegistry) {
  let next: { readonly told: () => void; readonly released: Promise<void> } | undefined;
  const { store } = registry;
  const holding: CentralRegistry = {
    name: registry.name,
    store: {
      async find(reference) {
        const held = next;
        next = undefined;
        const found = await store.find(reference);
        held?.told();
        await held?.released;
        return found;
      },
      list: (filter) => store.list(filter),
    },
    changes: registry.changes,
    transaction: (work) => registry.transaction(work),
    attach: (host) => registry.attach?.(host),
    start: () => registry.start?.(),
    close: () => registry.close?.(),
  };
  return {
    registry: holding,
    hold() {
      const { promise: read, resolve: told } = Promise.withResolvers<void>();
      const { promise: released, resolve: release } = Promise.withResolvers<void>();
      next = { told, released };
      return { read, release };
    },
  };
}
