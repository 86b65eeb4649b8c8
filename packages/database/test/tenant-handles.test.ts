import { systemClock, type TenantDatabase } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { ServerPools } from "../src/connection/server-pools.ts";
import { TenantHandle } from "../src/tenants/tenant-handle.ts";
import { TenantHandles } from "../src/tenants/tenant-handles.ts";
import { memoryDriver } from "./memory-driver.ts";

it("gives one handle to all that count on a tenant at the same time", () => {
  const { handles } = make(2);

  const [one, other] = [handles.retain(database("acme")), handles.retain(database("acme"))];

  expect(one).toBe(other);
  expect(one.references).toBe(2);
});

it("keeps two tenants apart that are placed on one database", () => {
  const { handles } = make(2);
  const { placement } = database("acme");

  const one = handles.retain({ tenantId: "acme", placement });

  expect(handles.retain({ tenantId: "globex", placement })).not.toBe(one);
  for (const other of [{ generation: 2 }, { server: "eu" }, { name: "else" }, { secret: "new" }]) {
    const moved = { tenantId: "acme", placement: { ...placement, ...other } };
    expect(handles.retain(moved)).not.toBe(one);
  }
});

it("forgets a handle that was never used as soon as nobody counts on it", () => {
  const { handles } = make(2);
  const handle = handles.retain(database("acme"));

  handles.release(handle);

  expect(handles.retain(handle.database)).not.toBe(handle);
});

it("remembers a used handle while nobody counts on it", async () => {
  const { handles } = make(2);

  const handle = await use(handles, "acme");

  expect(handles.retain(database("acme"))).toBe(handle);
});

it("forgets the handle that was counted on longest ago, and none that is counted on", async () => {
  const { handles } = make(2);
  const held = handles.retain(database("held"));
  await touch(held);
  const [acme, globex] = [await use(handles, "acme"), await use(handles, "globex")];
  await use(handles, "acme");

  await use(handles, "initech");

  expect(handles.retain(database("held"))).toBe(held);
  expect(handles.retain(database("acme"))).toBe(acme);
  expect(handles.retain(database("globex"))).not.toBe(globex);
});

it("has every owner checked again after it was cleared", async () => {
  const { handles, checks } = make(2);
  const held = handles.retain(database("held"));
  await touch(held);
  await touch(held);
  const acme = await use(handles, "acme");
  expect(checks).toEqual(["held", "acme"]);

  handles.clear();

  await touch(held);
  expect(await use(handles, "acme")).not.toBe(acme);
  expect(checks).toEqual(["held", "acme", "held", "acme"]);
});

function make(maxIdle: number) {
  const checks: string[] = [];
  const driver = memoryDriver({ checking: ({ tenantId }) => void checks.push(tenantId) });
  const { connections } = driver;
  const pools = new ServerPools({ connections, clock: systemClock(), maxWait: 50 });
  const handles = new TenantHandles(maxIdle, (one) => {
    return new TenantHandle(one, driver, pools.of("default"));
  });
  return { handles, checks };
}

function database(tenantId: string): TenantDatabase {
  return { tenantId, placement: memoryDriver().place(tenantId, 1) };
}

async function use(handles: TenantHandles, tenantId: string): Promise<TenantHandle> {
  const handle = handles.retain(database(tenantId));
  await touch(handle);
  handles.release(handle);
  return handle;
}

async function touch(handle: TenantHandle): Promise<void> {
  const lease = await handle.lease();
  await lease.release();
}
