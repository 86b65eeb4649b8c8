import { systemClock, type TenantDatabase } from "@af-tenancy/core";
import { expect, it, vi } from "vitest";
import { Turns } from "../src/connection/turns.ts";
import { PoolExhaustedError } from "../src/errors.ts";
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
  expect(handles.retain({ tenantId: "acme", placement: { ...placement, generation: 2 } })).not.toBe(
    one,
  );
  expect(handles.retain({ tenantId: "acme", placement: { ...placement, server: "eu" } })).not.toBe(
    one,
  );
});

it("forgets a handle that was never opened as soon as nobody counts on it", () => {
  const { handles } = make(2);
  const handle = handles.retain(database("acme"));

  handles.release(handle);

  expect(handles.retain(handle.database)).not.toBe(handle);
});

it("keeps an open handle warm when nobody counts on it", async () => {
  const { handles } = make(2);
  const handle = await use(handles, "acme");

  expect(handles.open).toBe(1);
  expect(handles.retain(database("acme"))).toBe(handle);
});

it("F077: closes the one used longest ago when too many are open, and not on anybody's way", async () => {
  const { handles, opened } = make(2);
  await use(handles, "acme");
  await use(handles, "globex");
  await use(handles, "acme");

  await use(handles, "initech");

  expect(handles.open).toBe(3);
  await vi.waitFor(() => expect(handles.open).toBe(2));
  await use(handles, "acme");
  await use(handles, "initech");
  expect(opened).toEqual(["acme", "globex", "initech"]);
  await use(handles, "globex");
  expect(opened.at(-1)).toBe("globex");
});

it("F077: closes none that somebody counts on", async () => {
  const { handles, opened } = make(1);
  const held = handles.retain(database("acme"));
  await touch(held);

  for (const tenant of ["globex", "initech", "umbrella"]) await use(handles, tenant);
  await vi.waitFor(() => expect(handles.open).toBe(1));
  await touch(held);
  expect(opened.filter((tenant) => tenant === "acme")).toHaveLength(1);

  await use(handles, "globex");
  handles.release(held);
  await vi.waitFor(() => expect(handles.open).toBe(1));
});

it("F076: keeps to the limit where the work never lets the event loop turn", async () => {
  const { handles } = make(5);
  let most = 0;

  for (let number = 0; number < 200; number++) {
    await use(handles, `tenant-${number}`);
    most = Math.max(most, handles.open);
  }

  expect(most).toBeGreaterThan(5);
  expect(most).toBeLessThan(20);
});

it("closes all of them, also those in use once they are given back", async () => {
  const { handles } = make(5);
  const held = handles.retain(database("acme"));
  const lease = await held.connection.lease();
  await use(handles, "globex");

  const closing = handles.close();
  await lease.release();
  await closing;

  expect(handles.open).toBe(0);
});

it("reports what could not be closed, and closes it the next time", async () => {
  const { handles } = make(5);
  const handle = await use(handles, "acme");
  const lease = await handle.connection.lease();
  const destroy = vi.spyOn(lease.driver, "destroy").mockRejectedValueOnce(new RangeError("stuck"));
  await lease.release();

  await expect(handles.close()).rejects.toThrow(AggregateError);
  expect(handles.open).toBe(1);
  await handles.close();

  expect(destroy).toHaveBeenCalledTimes(2);
  expect(handles.open).toBe(0);
});

function make(maxOpen: number) {
  const opened: string[] = [];
  const driver = memoryDriver({ opening: ({ tenantId }) => void opened.push(tenantId) });
  const handles = new TenantHandles(maxOpen, (one, listener) => {
    const turns = new Turns(systemClock(), 50, (waited) => new PoolExhaustedError("x", waited));
    return new TenantHandle(one, driver, turns, listener);
  });
  return { handles, opened };
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

async function touch({ connection }: TenantHandle): Promise<void> {
  const lease = await connection.lease();
  await lease.release();
}
