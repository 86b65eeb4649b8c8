import { type DatabaseOwner, systemClock, type TenantDatabase } from "@af-tenancy/core";
import { DatabaseUnavailableError } from "@af-tenancy/database";
import { expect, it, vi } from "vitest";
import type {
  DriverConnections,
  ReplicaConnections,
} from "../src/connection/driver-connections.ts";
import { ServerPools } from "../src/connection/pool/server-pools.ts";
import { readingSource } from "../src/tenants/replica-source.ts";
import { TenantHandle } from "../src/tenants/tenant-handle.ts";
import { TenantHandles } from "../src/tenants/tenant-handles.ts";
import { tenantReplicas } from "../src/tenants/tenant-replicas.ts";
import { memoryDriver } from "./memory-driver.ts";

it("S023: tenants are spread over the replicas, and each keeps to its own", async () => {
  const { retain, opened } = make(["near", "far"]);
  const tenants = Array.from({ length: 20 }, (_, number) => `t${number}`);

  for (const tenantId of tenants) {
    const reader = readingSource(retain(tenantId), "any");
    for (let time = 0; time < 3; time++) await (await reader.lease()).release();
  }

  expect(opened).toHaveLength(20);
  for (const name of ["near", "far"]) {
    expect(opened.filter((one) => one.startsWith(name)).length).toBeGreaterThan(3);
  }
});

it("S023: one that does not answer any tenant is soon not asked by the others", async () => {
  const { retain, opened, down } = make(["near"]);
  down.add("near");

  for (const tenantId of ["acme", "globex", "initech", "umbrella", "hooli"]) {
    await (await readingSource(retain(tenantId), "any").lease()).release();
    const strict = async () => readingSource(retain(tenantId), "replicas").lease();
    await expect(strict()).rejects.toThrow(DatabaseUnavailableError);
  }

  expect(opened.filter((one) => one.startsWith("near"))).toHaveLength(3);
  expect(opened.filter((one) => one.startsWith("primary"))).toHaveLength(5);
});

it.each([
  ["has connections of its own", {}],
  ["shares them", { key: () => "shared", enter: <D>(driver: D) => driver }],
])(
  "S023: a tenant that %s reads from the server while a lease is stuck on a replica that opens no more",
  async (_, shape) => {
    const budget = () => ({ connections: 10 });
    const { retain, opened, pools, down } = make(["near"], 1, undefined, { ...shape, budget });
    const reader = readingSource(retain("acme"), "any");
    const stuck = await reader.lease();
    down.add("near");

    for (let time = 0; time < 5; time++) await (await reader.lease()).release();

    const placesOf = (name: string) => opened.filter((one) => one.startsWith(name));
    expect([placesOf("near").length, placesOf("primary").length]).toEqual([1 + 3, 1]);
    expect(pools.statistics().map(({ exhausted }) => exhausted)).toEqual([0, 0]);
    await stuck.release();
  },
);

it("S023: the owner is checked on each, once, also where nobody uses the server itself", async () => {
  const { handles, retain, checks } = make(["near"]);

  for (let time = 0; time < 3; time++) {
    const handle = retain("acme");
    await (await readingSource(handle, "any").lease()).release();
    handles.release(handle);
  }

  expect(checks).toEqual(["acme"]);
});

it("S023: what is forgotten of a tenant is forgotten of its replicas too", async () => {
  const { handles, retain, pools } = make(["near"]);
  const handle = retain("acme");
  await (await readingSource(handle, "any").lease()).release();
  const remembered = () => pools.statistics().flatMap(({ tenants }) => tenants);
  expect(remembered()).toHaveLength(1);

  handles.release(handle);
  handles.clear();

  expect(remembered()).toEqual([]);
});

it("S023: nobody reads anywhere from what is closed, and its owner is checked again", async () => {
  const { retain, pools, checks } = make(["near", "far"]);
  const handle = retain("acme");
  const readers = ["near", "far"].map((replica) => readingSource(handle, { replica }));
  for (const reader of readers) await (await reader.lease()).release();
  const open = () => pools.statistics().map((one) => one.open);
  let reading: Promise<unknown> | undefined;

  await handle.whileClosed(async () => {
    expect(open()).toEqual([0, 0, 0]);
    reading = Promise.all(readers.map(async (reader) => (await reader.lease()).release()));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(open()).toEqual([0, 0, 0]);
  });
  await reading;
  for (const reader of readers) await (await reader.lease()).release();

  expect(checks).toHaveLength(4);
});

it("S023: connections with a tenant's former credentials are closed on its replicas too", async () => {
  const { handles, retain, pools } = make(["near"]);
  const before = retain("acme");
  const reader = readingSource(before, "replicas");
  await (await reader.lease()).release();
  const { tenantId, placement } = before.database;

  handles.retain({ tenantId, placement: { ...placement, secret: "new" } });
  await (await reader.lease()).release();

  await vi.waitFor(() => expect(pools.statistics().at(-1)?.open).toBe(1));
  expect(pools.statistics().at(-1)?.opened).toBe(2);
});

it("S023: who comes with a tenant's former credentials reads with the new ones", async () => {
  const { handles, retain, opened } = make(["near"]);
  const before = retain("acme");
  const { tenantId, placement } = before.database;
  handles.retain({ tenantId, placement: { ...placement, secret: "new" } });

  await (await readingSource(before, "replicas").lease()).release();

  expect(opened).toEqual(["near acme new"]);
});

it("S023: after a close the owner is checked anew for those who still count on the tenant", async () => {
  const { handles, retain, checks } = make(["near"]);
  const reader = readingSource(retain("acme"), "any");
  for (let time = 0; time < 2; time++) await (await reader.lease()).release();

  handles.clear();
  await (await reader.lease()).release();

  expect(checks).toEqual(["acme", "acme"]);
});

it.each([
  ["none yet", undefined, "DATABASE_NOT_READY"],
  ["of its own earlier generation", { tenantId: "acme", generation: 1 }, "DATABASE_NOT_READY"],
  ["of its own later generation", { tenantId: "acme", generation: 3 }, "DATABASE_MISMATCH"],
  ["another tenant's", { tenantId: "globex", generation: 2 }, "DATABASE_MISMATCH"],
])(
  "S023: a marker that is %s is told from one that has only not arrived",
  async (_, owner, code) => {
    const { retain } = make(["near"], 2, () => owner);

    const strict = async () => readingSource(retain("acme"), "replicas").lease();
    const reading = async () => (await readingSource(retain("acme"), "any").lease()).release();

    await expect(strict()).rejects.toMatchObject({ code });
    if (code === "DATABASE_MISMATCH") await expect(reading()).rejects.toMatchObject({ code });
    else await reading();
  },
);

/** Pools over databases in memory: whose are opened where, and where none can be. */
function make(
  names: readonly string[],
  generation = 1,
  ownerThere?: () => DatabaseOwner | undefined,
  shape: Partial<DriverConnections> = {},
) {
  const opened: string[] = [];
  const checks: string[] = [];
  const down = new Set<string>();
  const driverOn = (place: string) =>
    memoryDriver({
      checking: ({ tenantId }) => void checks.push(tenantId),
      opening: ({ tenantId, placement: { secret = "" } }) => {
        opened.push(`${place} ${tenantId} ${secret}`.trimEnd());
        if (down.has(place)) throw new RangeError(`${place} does not answer`);
      },
    });
  const driver = driverOn("primary");
  const replicas = (): readonly ReplicaConnections[] =>
    names.map((name) => ({ name, connections: { ...driverOn(name).connections, ...shape } }));
  const connections = { ...driver.connections, replicas };
  const pools = new ServerPools({ connections, clock: systemClock(), maxWait: 1_000 });
  const handles = new TenantHandles(
    ...([100, () => performance.now()] as const),
    (one) =>
      new TenantHandle(one, driver, pools.of("default"), () =>
        tenantReplicas(
          one,
          ownerThere ? { readOwner: async () => ownerThere() } : driver,
          pools.replicasOf("default"),
        ),
      ),
  );
  const retain = (tenantId: string): TenantHandle => {
    const placement = driver.place(tenantId, generation);
    const database: TenantDatabase = { tenantId, placement };
    return handles.retain(database);
  };
  return { handles, retain, pools, opened, checks, down };
}
