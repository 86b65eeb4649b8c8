import { readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import {
  type CentralRegistry,
  createTenancy,
  memoryRegistry,
  type TenantDatabases,
} from "@af-tenancy/core";
import { mysql } from "@af-tenancy/mysql";
import { postgresql } from "@af-tenancy/postgresql";
import { createConnection } from "mysql2/promise";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { provisioning } from "../src/index.ts";
import { Note } from "./support/database-sites.ts";
import { notInstalled, type OwnServer, ownMariadb, ownPostgresql } from "./support/own-server.ts";
import { resettingProxy } from "./support/resetting-proxy.ts";
import { noSmallDisk, type SmallDisk, smallDisk } from "./support/small-disk.ts";
import { thrownBy } from "./support/thrown-by.ts";

const entities = [Note];
const noDisk = noSmallDisk();
const skipped = noDisk === undefined ? "" : ` (skipped: ${noDisk})`;

async function start<D extends TenantDatabases>(databases: D, registry = memoryRegistry()) {
  const tenancy = createTenancy({
    ...{ registry, databases },
    provisioning: provisioning({ retryMs: 0 }),
  });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  return { tenancy, registry, tenants: tenancy.tenants, db: databases };
}

async function acmeIn(registry: CentralRegistry) {
  const acme = await registry.store.find({ by: "slug", value: "acme" });
  return { id: acme?.id ?? "", status: acme?.status, generation: acme?.placement?.generation };
}

describe.skipIf(notInstalled("postgres"))("a PostgreSQL server", () => {
  let own: OwnServer;
  let disk: SmallDisk | undefined;
  beforeAll(async () => {
    disk = becomeTemporary();
    own = await ownPostgresql();
    vi.unstubAllEnvs();
    await vi.waitUntil(() => query("select 1").catch(() => undefined), { timeout: 20_000 });
  }, 60_000);
  afterAll(async () => {
    await own?.stop();
    disk?.remove();
  });

  const connection = (port = own.port) => {
    const { host, user } = own;
    return { host, port, user, database: "postgres" };
  };

  async function query<Row>(sql: string): Promise<Row[]> {
    const client = new Client(connection());
    client.on("error", () => undefined);
    await client.connect();
    const { rows } = await client.query(sql).finally(() => client.end());
    return rows as Row[];
  }

  const databasesOf = async (id: string) =>
    (
      await query<{ datname: string }>(
        `select datname from pg_database where datname like '%${id.replaceAll("-", "")}%'`,
      )
    ).map(({ datname }) => datname);

  it("F054: that crashes while it makes a database leaves a failed tenant, and files that the doctor finds", async () => {
    const proxy = await resettingProxy(new URL(`tcp://${own.host}:${own.port}`));
    const through = postgresql({ connection: connection(proxy.port), entities });
    const { registry, tenants, db } = await start(through);
    await tenants.create({ slug: "globex" });
    const base = join(own.data, "base");
    async function crashWhile(making: () => Promise<unknown>) {
      const before = readdirSync(base);
      let restarted: Promise<void> | undefined;
      proxy.arm(/create database "(?!~template)/i, () => {
        // Nothing else happens here until the server has begun to write.
        while (readdirSync(base).length === before.length);
        restarted = own.crash();
      });
      const thrown = await thrownBy(making);
      await restarted;
      await vi.waitUntil(() => query("select 1").catch(() => undefined), { timeout: 20_000 });
      const known = await query<{ oid: number }>("select oid from pg_database");
      const orphans = readdirSync(base).filter(
        (folder) => !before.includes(folder) && !known.some(({ oid }) => String(oid) === folder),
      );
      return { thrown, orphans };
    }

    let { thrown, orphans } = await crashWhile(() => tenants.create({ slug: "acme" }));
    const { id, status } = await acmeIn(registry);
    // The server may have been done the moment before it crashed.
    for (let more = 0; orphans.length === 0 && more < 5; more++) {
      ({ orphans } = await crashWhile(() => tenants.create({ slug: `more-${more}` })));
    }

    expect(thrown).toMatchObject({ code: "PROVISIONING_FAILED", step: "database" });
    expect(status).toBe("failed");
    expect(orphans).toHaveLength(1);
    expect(await databasesOf(id)).toEqual([]);

    const report = await tenants.repair();

    expect(report.finished[0]).toMatchObject({ kind: "create", generation: 2 });
    expect(await acmeIn(registry)).toEqual({ id, status: "active", generation: 2 });
    expect(await databasesOf(id)).toHaveLength(1);
    const orphaned = async () =>
      (await db.doctor()).filter(({ check }) => check === "postgresql/orphaned-files");
    expect(await orphaned()).toEqual([]); // it may still be being made
    const yesterday = new Date(Date.now() - 86_400_000);
    utimesSync(join(base, String(orphans[0])), yesterday, yesterday);
    const message = new RegExp(`^[^,]*base/${orphans[0]} \\([1-9][0-9]* bytes\\)\\.$`);
    expect(await orphaned()).toMatchObject([
      { subject: 'server "default"', message: expect.stringMatching(message) },
    ]);
  });

  it.skipIf(noDisk)(
    `F065: whose disk is full fails at a step and keeps nothing, and others go on${skipped}`,
    async () => {
      const { tenancy, registry, tenants, db } = await start(
        postgresql({ connection: connection(), entities }),
      );
      const globex = await tenants.create({ slug: "globex" });
      await tenancy.run(globex, () => db.em().insert(Note, { id: 1, text: "kept" }));
      const folders = readdirSync(join(own.data, "base"));
      // A new database is some hundred files; without space the server itself would crash, for want of its log.
      disk?.fillNames(100);

      const thrown = await thrownBy(() => tenants.create({ slug: "acme" }));
      expect(thrown).toMatchObject({
        ...{ code: "PROVISIONING_FAILED", step: "database" },
        cause: { code: "DATABASE_UNAVAILABLE", transient: false, cause: { code: "53100" } },
      });
      const { id, status } = await acmeIn(registry);
      expect(status).toBe("failed");
      expect(await databasesOf(id)).toEqual([]);
      expect(readdirSync(join(own.data, "base"))).toEqual(folders);
      const notes = await tenancy.run(globex, () => db.em().findAll(Note));
      expect(notes).toMatchObject([{ id: 1, text: "kept" }]);
      disk?.free();
      expect(await tenants.repair()).toMatchObject({ finished: [{ generation: 2 }], failed: [] });
    },
  );
});

describe.skipIf(notInstalled("mariadbd"))("a MariaDB server", () => {
  let own: OwnServer;
  let disk: SmallDisk | undefined;
  beforeAll(async () => {
    disk = becomeTemporary();
    own = await ownMariadb();
    vi.unstubAllEnvs();
    await vi.waitUntil(() => databasesOf("-").catch(() => undefined), { timeout: 20_000 });
  }, 60_000);
  afterAll(async () => {
    await own?.stop();
    disk?.remove();
  });

  const connection = (port = own.port) => ({ host: "127.0.0.1", port, user: "root", password: "" });

  async function databasesOf(id: string): Promise<string[]> {
    const client = await createConnection(connection());
    const sql = `select schema_name as name from information_schema.schemata where schema_name like '%${id.replaceAll("-", "")}%'`;
    const [rows] = await client.query(sql).finally(() => client.end());
    return (rows as { name: string }[]).map(({ name }) => name);
  }

  it("F054: that crashes while it makes a database leaves a failed tenant, made anew by repair", async () => {
    const proxy = await resettingProxy(new URL(`tcp://127.0.0.1:${own.port}`));
    const databases = mysql({
      ...{ connection: connection(proxy.port), flavour: "mariadb", entities },
    });
    const { registry, tenants } = await start(databases);
    let restarted: Promise<void> | undefined;
    proxy.arm(/create database /i, () => {
      restarted = own.crash();
    });

    const thrown = await thrownBy(() => tenants.create({ slug: "acme" }));

    expect(thrown).toMatchObject({ code: "PROVISIONING_FAILED", step: "database" });
    const { id, status } = await acmeIn(registry);
    expect(status).toBe("failed");
    await restarted;
    await vi.waitUntil(() => databasesOf(id).catch(() => undefined), { timeout: 20_000 });
    expect(await tenants.repair()).toMatchObject({ finished: [{ generation: 2 }], failed: [] });
    const { placement } = (await registry.store.find({ by: "id", value: id })) ?? {};
    expect(await acmeIn(registry)).toEqual({ id, status: "active", generation: 2 });
    expect(await databasesOf(id)).toEqual([placement?.name]);
  });

  it.skipIf(noDisk)(
    `F065: whose disk is full fails at a step and keeps nothing, and others go on${skipped}`,
    async () => {
      const { tenancy, registry, tenants, db } = await start(
        mysql({ connection: connection(), flavour: "mariadb", entities }),
      );
      const globex = await tenants.create({ slug: "globex" });
      await tenancy.run(globex, () => db.em().insert(Note, { id: 1, text: "kept" }));
      disk?.fillNames(0);

      const thrown = await thrownBy(() => tenants.create({ slug: "acme" }));

      expect(thrown).toMatchObject({
        ...{ code: "PROVISIONING_FAILED", step: "database" },
        cause: { code: "DATABASE_UNAVAILABLE", transient: false },
      });
      const { id, status } = await acmeIn(registry);
      expect(status).toBe("failed");
      expect(await databasesOf(id)).toEqual([]);
      const notes = await tenancy.run(globex, () => db.em().findAll(Note));
      expect(notes).toMatchObject([{ id: 1, text: "kept" }]);
      disk?.free();
      expect(await tenants.repair()).toMatchObject({ finished: [{ generation: 2 }], failed: [] });
    },
  );
});

/** Has a server that is started now keep its files on a small disk, where one can be mounted. */
function becomeTemporary(): SmallDisk | undefined {
  if (noDisk !== undefined) return undefined;
  const disk = smallDisk(300 << 20, 6_000);
  vi.stubEnv("TMPDIR", disk.folder);
  return disk;
}
