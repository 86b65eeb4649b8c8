import { createTenancy, memoryDatabases, memoryRegistry } from "@af-tenancy/core";
import { expect, it, onTestFinished } from "vitest";
import { type PendingOptions, provisioning } from "../../src/index.ts";
import { journalOf } from "../support/journal-of.ts";

it("C115: a tenant of the pool is brought up to date at its pull, where it is behind by then", async () => {
  const { tenancy, registry } = await start({});
  const { pending } = tenancy.tenants;
  const steps: string[] = [];
  const [id = ""] = await pending.fill(1);
  const [spare] = (await journalOf(registry)).tenants;
  const older = { schemaVersion: "0001-notes" };
  await registry.transaction(({ tenants }) => tenants.update(id, spare?.version ?? 0, older));
  tenancy.events.on("operationProgress", ({ step }) => void steps.push(step));

  const acme = await pending.pull({ slug: "acme" });

  expect(spare?.schemaVersion).toBe("0002-tags");
  expect(acme).toMatchObject({ id, status: "active", schemaVersion: "0002-tags" });
  expect(steps).toEqual(["migrate", "verify", "activate"]);
  expect((await journalOf(registry)).unfinished).toEqual([]);
});

it("C115: a tenant that is pending without tables is not taken for migrated", async () => {
  const { tenancy, registry } = await start({ steps: { migrate: false } });
  await tenancy.tenants.pending.fill(1);
  const [spare] = (await journalOf(registry)).tenants;

  const acme = await tenancy.tenants.pending.pull({ slug: "acme" });

  expect(spare).toMatchObject({ status: "pending", schemaVersion: undefined });
  expect(acme).toMatchObject({ status: "active", schemaVersion: "0002-tags" });
});

async function start(pending: PendingOptions) {
  const registry = memoryRegistry();
  const migrations = ["0001-notes", "0002-tags"].map((name) => ({
    name,
    up: (rows: Map<string, unknown>) => void rows.set(name, true),
  }));
  const databases = memoryDatabases({ migrations });
  const tenancy = createTenancy({ registry, databases, provisioning: provisioning({ pending }) });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  return { tenancy, registry };
}
