import type { TenancyEventMap, TenantDatabase } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { installation } from "./support/installation.ts";
import { journalOf } from "./support/journal-of.ts";
import { watchedDatabases } from "./support/watched-databases.ts";

/** An active tenant of generation 3, and a function that notes databases for the sweeper. */
async function withGarbage() {
  const one = installation();
  const tenancy = await one.join();
  const { id, version } = await tenancy.tenants.create({ slug: "acme" });
  const placement = one.databases.place(id, 3);
  await one.databases.manager(placement).create({ tenantId: id, placement });
  await one.registry.transaction(async ({ tenants, ledger }) => {
    await tenants.update(id, version, { placement });
    for (const entry of await ledger.list()) await ledger.forget(entry.placement);
  });
  const note = async (database: TenantDatabase) =>
    one.registry.transaction(({ ledger }) => ledger.record({ ...database, state: "garbage" }));
  const inspect = (database: TenantDatabase) =>
    one.databases.manager(database.placement).inspect(database);
  return { ...one, tenancy, id, note, inspect };
}

it("drops a database of an older generation and forgets it", async () => {
  const { tenancy, id, databases, note, inspect, registry } = await withGarbage();
  const old = { tenantId: id, placement: databases.place(id, 1) };
  await note(old);

  const { swept } = await tenancy.tenants.repair();

  expect(swept).toEqual([old.placement]);
  expect(await inspect(old)).toBeUndefined();
  expect((await journalOf(registry)).ledger).toEqual([]);
});

it.each([3, 4])(
  "never drops a database of the tenant's generation or a later one (%i)",
  async (generation) => {
    const { tenancy, id, databases, note, inspect } = await withGarbage();
    const kept = { tenantId: id, placement: databases.place(id, generation) };
    await databases.manager(kept.placement).create(kept);
    await note(kept);

    const { swept } = await tenancy.tenants.repair();

    expect(swept).toEqual([]);
    expect(await inspect(kept)).toBeDefined();
  },
);

it("never drops what the ledger does not call garbage, however old", async () => {
  const { tenancy, id, databases, inspect, registry } = await withGarbage();
  const kept = { tenantId: id, placement: databases.place(id, 1) };
  await registry.transaction(({ ledger }) => ledger.record({ ...kept, state: "creating" }));

  const { swept } = await tenancy.tenants.repair();

  expect(swept).toEqual([]);
  expect(await inspect(kept)).toBeDefined();
});

it("drops the database of a tenant that is gone", async () => {
  const { tenancy, databases, note, inspect } = await withGarbage();
  const orphan = { tenantId: "gone", placement: databases.place("gone", 1) };
  await databases.manager(orphan.placement).create(orphan);
  await note(orphan);

  const { swept } = await tenancy.tenants.repair();

  expect(swept).toEqual([orphan.placement]);
  expect(await inspect(orphan)).toBeUndefined();
});

it("F058: leaves a database with a foreign marker, tells of it, and goes on with the next", async () => {
  const { tenancy, id, databases, note, inspect, registry } = await withGarbage();
  const foreign = { tenantId: "other", placement: databases.place("other", 1, { name: "shared" }) };
  await databases.manager(foreign.placement).create(foreign);
  const mistaken = { tenantId: id, placement: { ...foreign.placement } };
  const old = { tenantId: id, placement: databases.place(id, 1) };
  await note(mistaken);
  await note(old);
  const told: TenancyEventMap["failure"][] = [];
  tenancy.events.on("failure", (event) => void told.push(event));

  const dry = await tenancy.tenants.repair({ dryRun: true });
  const { swept } = await tenancy.tenants.repair();
  await tenancy.tenants.repair();

  expect(dry.swept).toEqual([old.placement]);
  expect(swept).toEqual([old.placement]);
  expect(told).toMatchObject([{ error: { code: "DATABASE_OWNED" }, tenantId: id }]);
  expect((await inspect(foreign))?.owner?.tenantId).toBe("other");
  expect((await journalOf(registry)).ledger).toMatchObject([{ placement: { name: "shared" } }]);
});

it("reads the tenant after the list, so that what became current meanwhile is kept", async () => {
  const { id, databases, note, inspect, registry, join } = await withGarbage();
  const restored = { tenantId: id, placement: databases.place(id, 1) };
  const early = { tenantId: id, placement: databases.place(id, 2) };
  await databases.manager(early.placement).create(early);
  await note(early);
  await note(restored);
  // While the first entry is dropped, the tenant is switched back to the database of the second.
  const switching = watchedDatabases(databases, {
    async before(call) {
      if (call !== "drop") return;
      const tenant = await registry.store.find({ by: "id", value: id });
      if (tenant?.placement?.generation === 1) return;
      await registry.transaction(({ tenants }) =>
        tenants.update(id, tenant?.version ?? 0, { placement: restored.placement }),
      );
    },
  });

  const { swept } = await (await join({ databases: switching })).tenants.repair();

  expect(swept).toEqual([early.placement]);
  expect(await inspect(restored)).toBeDefined();
});
