import { createServer } from "node:net";
import type { TenantRecord } from "@af-tenancy/core";
import { DatabaseMismatchError, sealCredentials } from "@af-tenancy/database";
import { acme as acmeRecord } from "@af-tenancy/testing";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { keys, makeManager } from "./managers.ts";
import { asAdminOf } from "./own-replica.ts";
import { canStartServer } from "./own-server.ts";
import {
  placeOf,
  type ReplicatedServer,
  startReplicatedFleet,
  startReplicatedServer,
} from "./replicated-fleet.ts";
import { server, uniqueName, withServer } from "./server.ts";

const why = canStartServer ? "" : " (skipped: PostgreSQL's programs are not installed)";

describe.skipIf(!canStartServer)(`read replicas that fail${why}`, { timeout: 60_000 }, () => {
  let servers: ReplicatedServer;
  beforeAll(async () => {
    servers = await startReplicatedServer();
  }, 60_000);
  afterAll(() => servers.stop());

  type Options = NonNullable<Parameters<typeof startReplicatedFleet>[1]>;
  const start = (options: Options = {}) =>
    startReplicatedFleet(servers, { strategy: "schema", ...options });

  it("S023, F079: killed while in use, the next reader gets the other one, then the primary, and then both again", async () => {
    const { db, tenancy, acme, globex } = await start();
    const { near, far, primary } = servers;
    const portOf = (tenant: TenantRecord, from: "any" | "replicas" = "any") =>
      tenancy.run(tenant, async () => (await placeOf(db.readOnly({ from })))?.port);
    const home = await portOf(acme);
    const [first, second] = home === near.port ? [near, far] : [far, near];

    const cutOff = tenancy.run(acme, () =>
      db.readOnly().transactional(async (em) => {
        await placeOf(em);
        await first.kill();
        for (;;) await placeOf(em); // the process of a session outlives the main one for a moment
      }),
    );
    await expect(cutOff).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE", status: 503 });

    // A connection may break in the hands of the one who asks just then.
    await vi.waitFor(async () => expect(await portOf(acme)).toBe(second.port));
    for (let time = 0; time < 5; time++) {
      expect([await portOf(acme), await portOf(globex)]).toEqual([second.port, second.port]);
    }
    await second.kill();
    await vi.waitFor(async () => expect(await portOf(acme)).toBe(primary.port));
    for (let time = 0; time < 5; time++) {
      expect([await portOf(acme), await portOf(globex)]).toEqual([primary.port, primary.port]);
      for (const tenant of [acme, globex]) {
        await expect(portOf(tenant, "replicas")).rejects.toMatchObject({
          ...{ code: "DATABASE_UNAVAILABLE", status: 503 },
        });
      }
    }
    const failing = db.stats().flatMap((stats) => stats.failing);
    expect(failing.map(({ tenantId }) => tenantId)).toContain(acme.id);

    await Promise.all([first.start(), second.start()]);

    await vi.waitFor(async () => expect(await portOf(acme)).toBe(first.port), { timeout: 10_000 });
    expect(await portOf(acme, "replicas")).toBe(first.port);
  });

  it.each([
    ["schema", { strategy: "schema" }],
    ["database", { strategy: "database" }],
    ["rows", { strategies: ["row"], strategy: "row" }],
  ] as const)(
    "S023: one that has not got a tenant's %s yet is no mix-up: the primary is read",
    async (_, options) => {
      const { db, tenancy, add } = await start(options);
      await Promise.all(
        [servers.near, servers.far].map(({ run }) => run("select pg_wal_replay_pause()")),
      );

      const late = await add({ ...acmeRecord(), slug: "late" });
      const port = await tenancy.run(late, async () => (await placeOf(db.readOnly()))?.port);
      const strict = tenancy.run(late, () => placeOf(db.readOnly({ from: "replicas" })));
      await expect(strict).rejects.toMatchObject({ code: "DATABASE_NOT_READY", status: 503 });
      await Promise.all(
        [servers.near, servers.far].map(({ run }) => run("select pg_wal_replay_resume()")),
      );
      await servers.caughtUp();
      const afterwards = await tenancy.run(late, () => placeOf(db.readOnly({ from: "replicas" })));

      expect(port).toBe(servers.primary.port);
      expect(afterwards?.port).not.toBe(servers.primary.port);
    },
  );

  it.skipIf(withServer !== "")(
    `S023, F063: one on which another tenant has the schema is not read, and nothing else in its place${withServer}`,
    async () => {
      const { host, port, user, password = "" } = server;
      const replicas = [{ name: "strange", host, port, user, password }];
      const { db, tenancy, acme, globex } = await start({ replicas });
      const { placement } = acme;
      if (placement === undefined) throw new RangeError("acme has no placement");
      const strange = { tenantId: globex.id, placement };
      const manager = makeManager();
      await manager.create(strange);

      try {
        const read = tenancy.run(acme, () => db.readOnly().execute("select text from note"));
        await expect(read).rejects.toThrow(DatabaseMismatchError);
      } finally {
        await manager.drop(strange);
      }
      expect((await tenancy.run(globex, () => placeOf(db.readOnly())))?.port).toBe(
        servers.primary.port,
      );
    },
  );

  it("S023: one that accepts connections and never answers costs its own connect timeout, and then nobody", async () => {
    const asked: unknown[] = [];
    const silent = createServer((socket) => {
      asked.push(socket.on("error", () => {}));
      onTestFinished(() => void socket.destroy());
    });
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as { readonly port: number };
    const { db, tenancy, acme, globex } = await start({
      replicas: [{ port, connectTimeout: 100 }],
    });

    for (let time = 0; time < 10; time++) {
      for (const tenant of [acme, globex]) {
        const place = await tenancy.run(tenant, () => placeOf(db.readOnly()));
        expect(place?.port).toBe(servers.primary.port);
      }
    }

    expect(asked.length).toBeGreaterThanOrEqual(3);
    expect(asked.length).toBeLessThan(20);
  });

  it("S023: refuses to wait for the one connection of the primary that the caller holds", async () => {
    const replicas = [{ port: 1 }];
    const { db, tenancy, acme } = await start({ replicas, maxConnections: 1 });

    const read = tenancy.run(acme, () => db.em().transactional(() => placeOf(db.readOnly())));

    await expect(read).rejects.toMatchObject({ code: "CONNECTION_HELD" });
  });

  it("S023: has no connection left to a database that is dropped", async () => {
    const { db, tenancy, add } = await start({ strategy: "database" });
    const gone = await add({ ...acmeRecord(), slug: "gone" });
    await servers.caughtUp();
    await tenancy.run(gone, () => placeOf(db.readOnly({ from: "replicas" })));
    const openTo = () =>
      db.stats().flatMap(({ tenants }) => tenants.filter(({ tenantId }) => tenantId === gone.id));
    expect(openTo().some(({ open }) => open > 0)).toBe(true);

    const { placement } = gone;
    if (placement !== undefined) await db.manager(placement).drop({ tenantId: gone.id, placement });

    expect(openTo().every(({ open }) => open === 0)).toBe(true);
  });

  it("S023, C033: serves a tenant there with its new password as soon as it comes with one", async () => {
    const { db, tenancy, acme } = await start({ strategy: "database", users: true });
    const before = await tenancy.run(acme, () => placeOf(db.readOnly({ from: "replicas" })));
    const user = acme.placement?.name ?? "";
    const changed = { user, password: uniqueName("changed") };
    await servers.caughtUp();
    await alterPassword(changed);
    await servers.caughtUp();

    const secret = sealCredentials(keys, acme.id, changed);
    const { placement } = acme;
    const rotated = { ...acme, ...(placement && { placement: { ...placement, secret } }) };
    const after = await tenancy.run(rotated, () => placeOf(db.readOnly({ from: "replicas" })));

    expect(after).toEqual(before);
  });

  async function alterPassword({ user, password }: { user: string; password: string }) {
    await asAdminOf(servers.primary, `alter role "${user}" password '${password}'`);
  }
});
