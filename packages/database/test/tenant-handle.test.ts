import { systemClock, type TenantDatabase } from "@af-tenancy/core";
import { DatabaseMismatchError, PoolExhaustedError, sqlRunner } from "@af-tenancy/database";
import { expect, it } from "vitest";
import { ServerPools } from "../src/connection/pool/server-pools.ts";
import { TenantHandle } from "../src/tenants/tenant-handle.ts";
import { type MemoryDriverOptions, memoryDriver } from "./memory-driver.ts";

it("checks the owner before the first lease, once for all who come together", async () => {
  const checks: string[] = [];
  const { handle } = make({ checking: ({ tenantId }) => void checks.push(tenantId) });

  await Promise.all(Array.from({ length: 64 }, () => touch(handle)));
  await touch(handle);

  expect(checks).toEqual(["acme"]);
  expect(handle.checked).toBe(true);
});

it("gives no lease of another owner's database, closes it, and looks again the next time", async () => {
  let owner = "globex";
  const { handle, pools } = make({ ownerOf: () => ({ tenantId: owner, generation: 1 }) });

  await expect(Promise.all([touch(handle), touch(handle)])).rejects.toThrow(DatabaseMismatchError);
  expect(pools.size).toBe(0);
  owner = "acme";
  await touch(handle);

  expect(pools.size).toBe(1);
});

it("gives a lease at once where a checked connection is idle", async () => {
  const { handle } = make();
  await touch(handle);

  const lease = handle.lease();

  expect(lease).not.toBeInstanceOf(Promise);
  await (await lease).release();
});

it("checks the owner again on a connection that was opened anew, before anybody has it", async () => {
  let owner = "acme";
  const checks: string[] = [];
  const { handle, pools } = make({
    checking: ({ tenantId }) => void checks.push(tenantId),
    ownerOf: () => ({ tenantId: owner, generation: 1 }),
  });
  await touch(handle);
  await touch(handle);
  await (await handle.lease()).destroy();
  await touch(handle);
  await touch(handle);
  expect(checks).toEqual(["acme", "acme"]);

  const lease = await handle.lease();
  owner = "globex";
  await lease.destroy();

  for (const result of await Promise.allSettled([touch(handle), touch(handle)])) {
    expect(result).toMatchObject({ reason: { code: "DATABASE_MISMATCH" } });
  }
  expect(pools.size).toBe(0);
});

it("checks the owner once more when that was asked for during a check", async () => {
  let checks = 0;
  const { handle } = make({
    checking() {
      checks += 1;
      if (checks === 1) handle.recheck();
    },
  });

  await touch(handle);
  await touch(handle);

  expect(checks).toBe(2);
});

it("waits for its leases, closes, works, and gives leases again after a check", async () => {
  const steps: string[] = [];
  const { handle, pools } = make({ checking: () => void steps.push("checked") });
  const lease = await handle.lease();
  const closing = handle.whileClosed(async () => {
    steps.push(`closed: ${pools.size === 0}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
    steps.push("worked");
  });
  const later = touch(handle).then(() => steps.push("used"));

  steps.push(`still open: ${pools.size === 1}`);
  await lease.release();
  await Promise.all([closing, later]);
  await touch(handle);

  expect(steps).toEqual([
    "checked",
    "still open: true",
    "closed: true",
    "worked",
    "checked",
    "used",
  ]);
});

it("gives up on a lease that does not come back, and works on", async () => {
  const { handle } = make();
  const lease = await handle.lease();

  await expect(handle.whileClosed(() => expect.unreachable())).rejects.toThrow(PoolExhaustedError);

  expect(await sqlRunner(lease.connection)("select 1 as one")).toEqual([{ one: 1 }]);
  await lease.release();
  await touch(handle);
});

function make(options: MemoryDriverOptions = {}) {
  const driver = memoryDriver(options);
  const { connections } = driver;
  const pools = new ServerPools({ connections, clock: systemClock(), maxWait: 50 });
  const database: TenantDatabase = { tenantId: "acme", placement: driver.place("acme", 1) };
  return { pools, handle: new TenantHandle(database, driver, pools.of("default")) };
}

async function touch(handle: TenantHandle): Promise<void> {
  const lease = await handle.lease();
  await lease.release();
}
