import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { systemClock, type TenantDatabase } from "@af-tenancy/core";
import { expect, it, vi } from "vitest";
import { ServerPools } from "../src/connection/pool/server-pools.ts";
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
  for (const other of [{ generation: 2 }, { server: "eu" }, { name: "else" }]) {
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

it("leaves nothing of a forgotten handle to whoever keeps the tenant's record", async () => {
  const { handles } = make(2);
  const records = [database("acme"), database("globex")] as const;
  const traces = records.map((record) => {
    const handle = handles.retain(record);
    handles.release(handle);
    return new WeakRef(handle);
  });
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;

  await setTimeout(1);
  collect();

  expect(traces.map((trace) => trace.deref())).toEqual([undefined, undefined]);
  expect(records[0].tenantId).toBe("acme");
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

it("F085: has a handle with the new credentials serve those who count on one with the old", async () => {
  const { handles, opened, pools } = make(2);
  const { placement, tenantId } = database("acme");
  const [old, renewed] = [
    { ...placement, secret: "old" },
    { ...placement, secret: "new" },
  ];
  const before = handles.retain({ tenantId, placement: old });
  const lease = await before.lease();

  const after = handles.retain({ tenantId, placement: renewed });
  const waiting = before.lease();
  await lease.release();
  await (await waiting).release();
  await touch(after);
  await touch(before);

  expect(after).not.toBe(before);
  expect(opened).toEqual(["old", "new"]);
  await vi.waitFor(() => expect(pools.size).toBe(1));
  const late = handles.retain({ tenantId, placement: { ...placement, secret: "old" } });
  expect(late).toBe(after);
});

it("lends nothing of a server that is asked for after the close, until they are opened anew", async () => {
  const { handles, pools, opened } = make(2);
  await pools.close(0);

  const late = handles.retain(database("acme"));

  await expect(late.lease()).rejects.toMatchObject({ code: "TENANCY_CLOSED" });
  expect([pools.size, opened]).toEqual([0, []]);
  expect(pools.opened).not.toBe(pools);
  expect(pools.opened.opened.size).toBe(0);
});

function make(maxIdle: number) {
  const checks: string[] = [];
  const opened: (string | undefined)[] = [];
  const driver = memoryDriver({
    checking: ({ tenantId }) => void checks.push(tenantId),
    opening: ({ placement }) => void opened.push(placement.secret),
  });
  const { connections } = driver;
  const pools = new ServerPools({ connections, clock: systemClock(), maxWait: 1_000 });
  const handles = new TenantHandles(
    maxIdle,
    () => performance.now(),
    (one) => {
      return new TenantHandle(one, driver, pools.of("default"));
    },
  );
  return { handles, checks, opened, pools };
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
