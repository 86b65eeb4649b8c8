import type { TenantRecord } from "@af-tenancy/core";
import { DatabaseMismatchError, ReadOnlyManagerError } from "@af-tenancy/database";
import type { MysqlOptions, MysqlReplicaSettings } from "@af-tenancy/mysql";
import type { SqlEntityManager } from "@mikro-orm/mysql";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Author, Note } from "./entities.ts";
import { startFleet, startSite } from "./fleet.ts";
import { type ReplicatedServer, startReplicatedServer } from "./own-replica.ts";
import { cannotStart } from "./own-server.ts";
import { admin, missing, server, uniqueName } from "./server.ts";

describe.skipIf(missing ?? cannotStart)("read replicas", { timeout: 60_000 }, () => {
  let servers: ReplicatedServer;
  beforeAll(async () => {
    servers = await startReplicatedServer();
  }, 60_000);
  afterAll(() => servers.stop(), 30_000);

  describe.each([
    ["a database each", {}],
    ["a database and a user each", { users: true }],
    ["rows of shared tables", { strategies: ["row"] }],
  ] as const)("tenants with %s", (_, options) => {
    it("S023, C020: read their own rows there with equal keys, interleaved, and write nothing", async () => {
      const { db, tenancy, acme, globex } = await start(options);
      const [begun, over] = [gate(), gate()];

      const first = tenancy.run(acme, () =>
        db.readOnly({ from: "replicas" }).transactional(async (em) => {
          await em.count(Author);
          await begun.opened;
          return texts(await em.findAll(Note));
        }),
      );
      const second = tenancy.run(globex, () =>
        db.readOnly({ from: "replicas" }).transactional(async (em) => {
          const before = texts(await em.findAll(Note));
          begun.open();
          await over.opened;
          return [...before, ...texts(await em.find(Note, { id: 1 }, { refresh: true }))];
        }),
      );

      expect(await first).toEqual(["acme"]);
      over.open();
      expect(await second).toEqual(["globex", "globex"]);
      const writes: readonly ((em: SqlEntityManager) => Promise<unknown>)[] = [
        (em) => em.insert(Note, { id: 2, text: "written" }),
        (em) => em.fork().nativeDelete(Note, { id: 1 }),
        (em) => em.createQueryBuilder(Note).delete().execute(),
      ];
      for (const tenant of [acme, globex]) {
        await tenancy.run(tenant, async () => {
          for (const write of writes) {
            await expect(write(db.readOnly())).rejects.toThrow(ReadOnlyManagerError);
          }
          const streamed: string[] = [];
          for await (const { text } of db.readOnly().stream(Note)) streamed.push(text);
          expect(streamed).toEqual([tenant.slug]);
          expect(texts(await db.em().findAll(Note))).toEqual([tenant.slug]);
        });
      }
      expect(db.stats()[1]).toMatchObject({ server: "default/near", limit: 4, waiting: 0 });
    });
  });

  it("S023: a transaction on the primary reads what it wrote, and from the replica only when asked", async () => {
    const { db, tenancy, acme } = await start();
    const { primary, replica } = servers;

    await tenancy.run(acme, () =>
      db.em().transactional(async (em) => {
        await em.insert(Note, { id: 2, text: "mine" });
        expect(await db.em().count(Note, {}, { connectionType: "read" })).toBe(2);
        expect(await portOf(em)).toBe(primary.port);
        expect(await portOf(em.fork())).toBe(primary.port);
        expect(await portOf(db.readOnly({ from: "primary" }))).toBe(primary.port);
        expect(await portOf(db.readOnly({ from: { replica: "near" } }))).toBe(replica.port);
        expect(await db.readOnly().count(Note)).toBe(1);
      }),
    );
  });

  it("S023: another tenant's marker on the replica is a mix-up, and a tenant that has not arrived is none", async () => {
    const { db, tenancy, acme, globex, add } = await start();
    const names = [acme, globex].map(({ placement }) => placement?.name);
    const foreign = `update ${names[0]}._tenancy_owner set tenant_id = '${globex.id}'`;
    await onReplica(foreign);

    await expect(tenancy.run(acme, () => portOf(db.readOnly()))).rejects.toThrow(
      DatabaseMismatchError,
    );
    await onReplica(`update ${names[0]}._tenancy_owner set tenant_id = '${acme.id}'`);
    await onReplica("stop slave");
    const late = await add("late");
    expect(await tenancy.run(late, () => portOf(db.readOnly()))).toBe(servers.primary.port);
    const strict = tenancy.run(late, () => portOf(db.readOnly({ from: "replicas" })));
    await expect(strict).rejects.toMatchObject({ code: "DATABASE_NOT_READY", status: 503 });
    await onReplica("start slave");
    await servers.caughtUp();

    for (const tenant of [late, acme]) {
      const port = tenancy.run(tenant, () => portOf(db.readOnly({ from: "replicas" })));
      expect(await port).toBe(servers.replica.port);
    }
  });

  it("S023: the doctor finds nothing wrong with a replica, and what is wrong with others", async () => {
    const { db, acme } = await start();
    const { primary, replica } = servers;
    const look = async (...replicas: MysqlReplicaSettings[]) => {
      const connection = { ...server, port: primary.port, replicas };
      const site = await startSite({ connection, maxConnections: 3 });
      const findings = await site.db.doctor({ tenants: [acme] });
      return findings.map(({ check, subject }) => [check, subject]);
    };

    expect(await db.doctor({ tenants: [acme] })).toEqual([]);
    expect(await look({ port: 1 }, { name: "alias", host: "localhost" })).toEqual([
      ["doctor/unreachable", 'mysql replica "default/replica1"'],
      ["mysql/replica-writable", 'replica "default/alias"'],
    ]);
    expect(await look({ port: replica.port, maxConnections: 11 })).toEqual([
      ["mysql/connection-limit", 'server "default/replica1"'],
    ]);
    expect(await look({ port: replica.port, maxConnections: 10 })).toEqual([]);
  });

  it("S023: killed while in use, the next reader gets the primary, or 503 where that is not wanted", async () => {
    const { db, tenancy, acme, globex } = await start();
    const cutOff = tenancy.run(acme, () =>
      db.readOnly().transactional(async (em) => {
        expect(await portOf(em)).toBe(servers.replica.port);
        await servers.replica.kill();
        await portOf(em);
      }),
    );
    await expect(cutOff).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE", status: 503 });

    const read = (tenant: TenantRecord) => tenancy.run(tenant, () => portOf(db.readOnly()));
    await vi.waitFor(async () => expect(await read(acme)).toBe(servers.primary.port));
    for (let time = 0; time < 5; time++) {
      expect([await read(acme), await read(globex)]).toEqual([
        servers.primary.port,
        servers.primary.port,
      ]);
      const strict = tenancy.run(globex, () => portOf(db.readOnly({ from: "replicas" })));
      await expect(strict).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE", status: 503 });
    }
  });

  async function start(options: Partial<MysqlOptions> = {}) {
    const { primary, replica, caughtUp } = servers;
    const replicas = [{ name: "near", port: replica.port, maxConnections: 4 }];
    const fleet = await startFleet({
      connection: { ...server, port: primary.port, replicas },
      ...{ maxConnections: 3, maxWait: 5_000 },
      ...(options.strategies?.includes("row") && { sharedDatabase: uniqueName("shared") }),
      ...options,
    });
    const { db, tenancy, acme, globex } = fleet;
    for (const tenant of [acme, globex]) {
      await tenancy.run(tenant, () => db.em().insert(Note, { id: 1, text: tenant.slug }));
    }
    await caughtUp();
    return fleet;
  }

  const onReplica = (sql: string) => admin(sql, undefined, servers.replica.port);
});

async function portOf(em: SqlEntityManager): Promise<number | undefined> {
  const [row] = await em.execute<{ port: number }[]>("select @@port as port");
  return row?.port;
}

function texts(notes: readonly { readonly text: string }[]): readonly string[] {
  return notes.map(({ text }) => text);
}

/** What is waited for until it is opened. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
