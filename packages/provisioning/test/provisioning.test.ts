import { channel } from "node:diagnostics_channel";
import {
  type CentralRegistry,
  createTenancy,
  memoryDatabases,
  memoryRegistry,
  memoryStore,
  type OperationProgressEvent,
  type TenantOperations,
} from "@af-tenancy/core";
import { expect, expectTypeOf, it } from "vitest";
import { provisioning } from "../src/index.ts";
import { gate } from "./support/gate.ts";
import { installation } from "./support/installation.ts";
import { codeThrownBy, thrownBy } from "./support/thrown-by.ts";

it("is what tenancy.tenants is", async () => {
  const operations = provisioning();
  const databases = memoryDatabases();
  const tenancy = createTenancy({
    registry: memoryRegistry(),
    databases,
    provisioning: operations,
  });
  await tenancy.start();

  const acme = await tenancy.tenants.create({ slug: "acme" });
  await tenancy.run(acme, () => databases.get().set("note", "Hello"));

  expectTypeOf(operations).toEqualTypeOf<TenantOperations>();
  expect(tenancy.tenants).toBe(operations);
  expect(await tenancy.run(acme, () => databases.get().get("note"))).toBe("Hello");
  await tenancy.close();
});

it("asks for a registry and for databases when the tenancy is composed", async () => {
  const store = memoryStore([]);

  const noRegistry = await thrownBy(() => createTenancy({ store, provisioning: provisioning() }));
  const noDatabases = await thrownBy(() =>
    createTenancy({ registry: memoryRegistry(), provisioning: provisioning() }),
  );

  expect(noRegistry).toMatchObject({ code: "INVALID_CONFIGURATION", key: "registry" });
  expect(noDatabases).toMatchObject({ code: "INVALID_CONFIGURATION", key: "databases" });
});

it("belongs to one tenancy", async () => {
  const shared = provisioning();
  const parts = () => ({
    registry: memoryRegistry(),
    databases: memoryDatabases(),
    provisioning: shared,
  });
  const alone = await codeThrownBy(() => shared.create({ slug: "acme" }));
  createTenancy(parts());

  const twice = await codeThrownBy(() => createTenancy(parts()));

  expect([alone, twice]).toEqual(["INVALID_CONFIGURATION", "INVALID_CONFIGURATION"]);
});

it("publishes each step on a diagnostics channel", async () => {
  const tenancy = createTenancy({
    registry: memoryRegistry(),
    databases: memoryDatabases(),
    provisioning: provisioning(),
  });
  await tenancy.start();
  const steps: string[] = [];
  const note = (message: unknown) => void steps.push((message as OperationProgressEvent).step);
  channel("af-tenancy:operation").subscribe(note);

  await tenancy.tenants.create({ slug: "acme" });

  channel("af-tenancy:operation").unsubscribe(note);
  expect(steps).toEqual(["database", "migrate", "verify", "activate"]);
});

it("closes only when nothing of it runs any more", async () => {
  const { join, registry } = installation();
  const [reached, goOn] = [gate(), gate()];
  const slow: CentralRegistry = {
    name: "slow",
    store: registry.store,
    changes: registry.changes,
    async transaction(work) {
      const result = await registry.transaction(work);
      reached.open();
      await goOn.opened;
      return result;
    },
  };
  const { tenants } = await join({ registry: slow });
  const order: string[] = [];
  const creating = thrownBy(() => tenants.create({ slug: "acme" })).then(() =>
    order.push("create"),
  );
  await reached.opened;

  const closing = tenants.close?.()?.then(() => order.push("close"));
  await new Promise(setImmediate);
  order.push("reply");
  goOn.open();
  await Promise.all([creating, closing]);

  expect(order).toEqual(["reply", "create", "close"]);
});

it("may be closed twice, and is of no use afterwards", async () => {
  const tenancy = createTenancy({
    registry: memoryRegistry(),
    databases: memoryDatabases(),
    provisioning: provisioning(),
  });
  await tenancy.start();
  await tenancy.close();
  await tenancy.tenants.close?.();

  const codes = [
    await codeThrownBy(() => tenancy.tenants.create({ slug: "acme" })),
    await codeThrownBy(() => tenancy.tenants.update("acme", {})),
    await codeThrownBy(() => tenancy.tenants.run("noop", "acme", {})),
    await codeThrownBy(() => tenancy.tenants.repair()),
  ];

  expect(codes).toEqual(Array(4).fill("TENANCY_CLOSED"));
});
