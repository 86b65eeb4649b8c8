import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import {
  type CentralRegistry,
  ConfigurationError,
  followChanges,
  type OutboxEntry,
  type Placement,
  RegistryNewerError,
  RegistryUnavailableError,
  systemClock,
  TenancyClosedError,
  type TenantRecord,
  TransactionEndedError,
  TransactionTimeoutError,
} from "@af-tenancy/core";
import { sqliteRegistry } from "@af-tenancy/sqlite";
import {
  acme,
  centralRegistryContract,
  globex,
  tenantRecord,
  testScale,
} from "@af-tenancy/testing";
import { MikroORM } from "@mikro-orm/sqlite";
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from "vitest";
import { registryMigrations } from "../src/registry-migrations.ts";
import { SqliteFileConnection } from "../src/sqlite-file-connection.ts";
import { hasten } from "./hasten.ts";
import { openFiles } from "./open-files.ts";
import { startWorker } from "./start-worker.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A registry in which nothing is yet, to be copied. */
const migrated = join(mkdtempSync(join(tmpdir(), "registry-")), "registry.sqlite");
beforeAll(async () => {
  const registry = sqliteRegistry({ file: migrated });
  await registry.start?.();
  await registry.close?.();
});
afterAll(() => rmSync(dirname(migrated), { recursive: true }));

centralRegistryContract("sqlite", {
  create: () => {
    const file = join(temporaryFolder(), "registry.sqlite");
    copyFileSync(migrated, file);
    return startRegistry(file);
  },
  join: (registry, maxWait) => {
    if (maxWait !== undefined) hasten();
    return startRegistry(fileOf(registry), maxWait);
  },
  breakTables: (registry) =>
    execute(fileOf(registry), "drop table servers", "alter table tenants rename to away"),
});

it("sends values apart from their statements, so that no second tenant's are prepared anew", async () => {
  const registry = await startRegistry(join(temporaryFolder(), "registry.sqlite"));
  const sent = vi.spyOn(SqliteFileConnection.prototype, "executeQuery");
  onTestFinished(() => sent.mockRestore());
  const texts = async (tenant: TenantRecord) => {
    sent.mockClear();
    await registry.transaction(({ tenants }) => tenants.insert(tenant, []));
    expect(await registry.store.find({ by: "slug", value: tenant.slug })).toEqual(tenant);
    return sent.mock.calls.map(([{ sql }]) => sql).filter((sql) => sql.includes("tenants"));
  };

  const first = await texts({ ...acme(), homepage: true });

  expect(first).toHaveLength(2);
  expect(await texts({ ...globex(), homepage: false })).toEqual(first);
});

it("sends one statement for each row that is written, and reads none of them again", async () => {
  const registry = await startRegistry(join(temporaryFolder(), "registry.sqlite"));
  const sent = vi.spyOn(SqliteFileConnection.prototype, "executeQuery");
  onTestFinished(() => sent.mockRestore());
  const tenantId = acme().id;
  const placement = { ...place, name: "t_acme_g1" };
  const tenant = { ...acme(), placement };
  const operation = { id: "one", tenantId, kind: "create", generation: 1, input: {} };

  const opened = await registry.transaction(async ({ tenants, ledger, operations }) => {
    await tenants.insert(tenant, []);
    await ledger.record({ tenantId, placement, state: "creating" });
    return operations.open(
      { ...operation, idempotencyKey: undefined, actor: undefined },
      { owner: "me", leaseMs: 1_000 },
    );
  });
  await registry.transaction(({ ledger }) =>
    ledger.record({ tenantId, placement, state: "ready" }),
  );

  expect(sent).toHaveBeenCalledTimes(4);
  expect(opened).toMatchObject({ ...operation, state: "running", attempt: 1, leaseOwner: "me" });
  const kept = await registry.transaction(async ({ ledger, operations }) => [
    await ledger.find(placement),
    await operations.find({ id: "one" }),
  ]);
  expect(kept).toEqual([{ tenantId, placement, state: "ready" }, opened]);
});

const place: Omit<Placement, "name"> = {
  ...{ driver: "sqlite", strategy: "database", server: "default" },
  ...{ generation: 1, secret: undefined },
};

it("keeps everything across a restart", async () => {
  const file = join(temporaryFolder(), "deep", "below", "registry.sqlite");
  const registry = await startRegistry(file);
  await registry.transaction(({ tenants }) => tenants.insert(acme(), []));

  await registry.close?.();
  await registry.start?.();

  expect(await registry.store.find({ by: "slug", value: "acme" })).toEqual(acme());
});

it("never gives the id of a removed tenant to another one, not even after a restart", async () => {
  const registry = await startRegistry(join(temporaryFolder(), "registry.sqlite"));
  await registry.transaction(({ tenants }) => tenants.insert(acme(), []));
  await registry.transaction(({ tenants }) => tenants.remove(acme().id, 1));
  await registry.close?.();
  await registry.start?.();

  const again = registry.transaction(({ tenants }) => tenants.insert(acme({ slug: "acme-2" }), []));

  await expect(again).rejects.toMatchObject({ code: "TENANT_EXISTS" });
  await registry.transaction(({ tenants }) => tenants.insert(globex({ slug: "acme" }), []));
});

it("lets two registries in one process race for one file", async () => {
  const file = join(temporaryFolder(), "registry.sqlite");
  const registries = await Promise.all([startRegistry(file), startRegistry(file)]);

  await Promise.all(
    registries.flatMap((registry, index) =>
      Array.from({ length: 25 }, (_, number) =>
        registry.transaction(async ({ tenants, outbox }) => {
          const tenant = tenantRecord({ slug: `${index}-${number}` });
          await tenants.insert(tenant, []);
          await new Promise((resolve) => setImmediate(resolve));
          await outbox.append({ type: "made", tenantId: tenant.id, version: 1, payload: null });
        }),
      ),
    ),
  );

  const [one, other] = registries;
  expect(await slugs(one)).toHaveLength(50);
  expect(await slugs(other)).toEqual(await slugs(one));
  const changes = await one.transaction(({ outbox }) => outbox.readAfter(0, 100));
  expect(changes.map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: 50 }, (_, i) => i + 1),
  );
});

it("lets many registries start at once on a file that is not there", async () => {
  const file = join(temporaryFolder(), "registry.sqlite");

  const registries = await Promise.all(Array.from({ length: 8 }, () => startRegistry(file)));

  for (const registry of registries) expect(await slugs(registry)).toEqual([]);
});

it("starts although another process makes the first table between its look and its own attempt", async () => {
  const file = join(temporaryFolder(), "registry.sqlite");
  const other = new MikroORM({
    dbName: file,
    entities: [],
    discovery: { warnWhenNoEntities: false },
  });
  onTestFinished(() => other.close());
  const connection = other.em.getConnection();
  await connection.execute("pragma journal_mode = wal");
  await connection.execute("begin immediate");
  await connection.execute(
    "create table registry_migrations (id integer primary key, name text, executed_at)",
  );

  const starting = startRegistry(file);
  await setTimeout(300);
  await connection.execute("commit");

  expect(await slugs(await starting)).toEqual([]);
});

it("lets several processes start and write at once, and no transaction fails", {
  timeout: 30_000,
}, async () => {
  const file = join(temporaryFolder(), "registry.sqlite");

  const printed = await Promise.all(
    ["one", "two", "three"].map((prefix) =>
      startWorker("insert-tenants", file, prefix, "40").done(),
    ),
  );

  const registry = await startRegistry(file);
  expect(printed.flat()).toHaveLength(120);
  expect(await slugs(registry)).toHaveLength(120);
});

it("closes when its last transaction is done, though that waits for another process first", async () => {
  const file = join(temporaryFolder(), "registry.sqlite");
  const [holder, registry] = [await startRegistry(file), await startRegistry(file, 50)];
  const [entered, leave] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const held = holder.transaction(() => {
    entered.resolve();
    return leave.promise;
  });
  await entered.promise;

  const written = registry.transaction(({ tenants }) => tenants.insert(acme(), []));
  await setTimeout(50);
  const closed = registry.close?.();
  await setTimeout(200);
  leave.resolve();
  await Promise.all([held, written, closed]);

  expect(await slugs(holder)).toEqual(["acme"]);
});

it("keeps every acknowledged write of a process that was killed", { timeout: 30_000 }, async () => {
  const file = join(temporaryFolder(), "registry.sqlite");

  for (const round of [1, 2, 3]) {
    const worker = startWorker("insert-tenants", file, `round-${round}`, "100000");
    await new Promise((resolve) => worker.process.stdout?.once("data", resolve));
    await setTimeout(37 * round);
    const acknowledged = await worker.kill();

    const registry = await startRegistry(file);
    expect(acknowledged.length).toBeGreaterThan(0);
    for (const id of acknowledged) {
      expect(await registry.store.find({ by: "id", value: id })).toBeDefined();
    }
    const changes = await registry.transaction(({ outbox }) => outbox.readAfter(0, 1_000_000));
    expect(changes).toHaveLength((await slugs(registry)).length);
    await registry.close?.();
  }
});

it("X07: delivers what a process committed that was killed before it told anybody", {
  timeout: 30_000,
}, async () => {
  const file = join(temporaryFolder(), "registry.sqlite");
  const worker = startWorker("insert-tenants", file, "killed", "100000");
  await new Promise((resolve) => worker.process.stdout?.once("data", resolve));
  const acknowledged = await worker.kill();
  const registry = await startRegistry(file);
  const written = await registry.changes.readAfter(0, 1_000_000);
  const delivered: OutboxEntry[] = [];

  const stop = followChanges({
    ...{ registry, clock: systemClock(), consumer: "invalidation" },
    deliver: (change) => void delivered.push(change),
    failed: (error) => expect.unreachable(String(error)),
  });
  onTestFinished(stop);
  await vi.waitUntil(() => delivered.length >= written.length, { timeout: 20_000 });

  expect(delivered).toEqual(written);
  expect(delivered.map(({ tenantId }) => tenantId)).toEqual(
    expect.arrayContaining([...acknowledged]),
  );
  expect(acknowledged.length).toBeGreaterThan(0);
});

/** The right of one that died lasts for another quarter of a minute. */
const testInLongRun = testScale() < 1 ? () => {} : it;

testInLongRun(
  "X07: has a consumer go on in another process within 20 seconds of the death of the one that told it",
  {
    timeout: 60_000,
  },
  async () => {
    const file = join(temporaryFolder(), "registry.sqlite");
    const registry = await startRegistry(file);
    const change = { type: "tenant.updated", tenantId: "acme", payload: {} };
    const append = (version: number) =>
      registry.transaction(({ outbox }) => outbox.append({ ...change, version }));
    await append(1);
    const worker = startWorker("hold-consumer", file);
    await new Promise((resolve) => worker.process.stdout?.once("data", resolve));
    const delivered: number[] = [];
    const stop = followChanges({
      ...{ registry, clock: systemClock(), consumer: "cache" },
      deliver: ({ version }) => void delivered.push(version),
      failed: (error) => expect.unreachable(String(error)),
    });
    onTestFinished(stop);

    const told = await worker.kill();
    await append(2);
    await vi.waitUntil(() => delivered.includes(2), { timeout: 21_000 });

    expect(told).toEqual(["1"]);
    expect([[2], [1, 2]]).toContainEqual(delivered);
  },
);

it("makes a transaction inside another's work fail instead of hanging", async () => {
  const file = join(temporaryFolder(), "registry.sqlite");
  const registry = await startRegistry(file, 50);

  const nested = registry.transaction(() =>
    registry.transaction(({ tenants }) => tenants.insert(acme(), [])),
  );

  await expect(nested).rejects.toThrow(TransactionTimeoutError);
  await registry.transaction(({ tenants }) => tenants.insert(acme(), []));
});

it("refuses a transaction's parts after its end", async () => {
  const registry = await startRegistry(join(temporaryFolder(), "registry.sqlite"));
  const { tenants } = await registry.transaction(async (transaction) => transaction);

  await expect(tenants.insert(acme(), [])).rejects.toThrow(TransactionEndedError);
});

it("keeps the transaction usable after a refused write, and nothing of that write", async () => {
  const registry = await startRegistry(join(temporaryFolder(), "registry.sqlite"));
  const domain = { name: "acme.example.com", primary: true, verifiedAt: 1 };
  await registry.transaction(({ tenants }) => tenants.insert(acme(), [domain]));

  await registry.transaction(async ({ tenants }) => {
    const refused = tenants.insert(globex(), [domain]);
    await expect(refused).rejects.toMatchObject({ code: "DOMAIN_TAKEN" });
    await tenants.insert(tenantRecord({ slug: "initech" }), []);
  });

  expect(await slugs(registry)).toEqual(["acme", "initech"]);
});

it("F034: says that it cannot be read, and never that a tenant is unknown", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "registry.sqlite");
  writeFileSync(file, "this is no database, but it is where one should be".repeat(100));

  await expect(startRegistry(file)).rejects.toThrow(RegistryUnavailableError);
  mkdirSync(join(folder, "folder.sqlite"));
  await expect(startRegistry(join(folder, "folder.sqlite"))).rejects.toThrow(
    RegistryUnavailableError,
  );
  expect(openFiles(folder)).toEqual([]);
});

it("does not start on a database of something else, and lets go of it", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "registry.sqlite");
  const other = new MikroORM({
    dbName: file,
    entities: [],
    discovery: { warnWhenNoEntities: false },
  });
  await other.em.fork().execute("create table tenants (of_something_else integer)");
  await other.close();

  await expect(startRegistry(file)).rejects.toThrow(RegistryUnavailableError);

  expect(openFiles(folder)).toEqual([]);
});

it("brings tables of an earlier version up to date, and keeps what they hold", async () => {
  const file = join(temporaryFolder(), "registry.sqlite");
  const [first] = registryMigrations;
  const other = new MikroORM({
    dbName: file,
    entities: [],
    discovery: { warnWhenNoEntities: false },
  });
  const connection = other.em.getConnection();
  for (const statement of [
    "create table `registry_migrations` (`id` integer primary key autoincrement not null, `name` text not null, `executed_at` datetime not null default CURRENT_TIMESTAMP)",
    ...(first?.statements ?? []),
    "insert into registry_migrations (name) values ('0001-registry')",
    "insert into tenants (id, slug, name, status, version, metadata, access, created_at, updated_at) values ('old', 'acme', 'Acme', 'active', 3, '{}', 'read-write', 1, 2)",
    "insert into tenant_domains (name, tenant_id, is_primary, verified_at, position) values ('acme.example.com', 'old', 1, 5, 0)",
    "insert into tenant_operations (id, tenant_id, kind, generation, input, state, done, attempt) values ('o', 'old', 'create', 1, '{}', 'done', '[]', 1)",
    "insert into physical_databases (driver, server, name, tenant_id, strategy, generation, secret, state) values ('d', 's', 'n', 'old', 'database', 2, 'sealed', 'garbage')",
  ]) {
    await connection.execute(statement);
  }
  await other.close();

  const registries = await Promise.all([startRegistry(file), startRegistry(file)]);

  const found = await registries[1].store.find({ by: "domain", value: "acme.example.com" });
  expect(found).toEqual(
    acme({
      ...{ id: "old", version: 3, createdAt: 1, updatedAt: 2 },
      ...{ homepage: false, lastAccessedAt: undefined },
    }),
  );
  const operation = await registries[0].transaction(({ operations }) =>
    operations.find({ id: "o" }),
  );
  expect(operation).toMatchObject({ state: "done", startedAt: 0, actor: undefined });
  const databases = await registries[0].transaction(({ ledger }) => ledger.list());
  const placement = { driver: "d", server: "s", name: "n", generation: 2, secret: "sealed" };
  expect(databases).toEqual([
    { tenantId: "old", state: "garbage", placement: { ...placement, strategy: "database" } },
  ]);
});

it("does not start on tables of a newer version", async () => {
  const file = join(temporaryFolder(), "registry.sqlite");
  await (await startRegistry(file)).close?.();
  const other = new MikroORM({
    dbName: file,
    entities: [],
    discovery: { warnWhenNoEntities: false },
  });
  await other.em
    .getConnection()
    .execute("insert into registry_migrations (name) values ('9999-later')");
  await other.close();

  await expect(startRegistry(file)).rejects.toThrow(RegistryNewerError);
});

it("F034: tells a failing read from an unknown tenant", async () => {
  const file = join(temporaryFolder(), "registry.sqlite");
  const registry = await startRegistry(file);
  await registry.transaction(({ tenants }) => tenants.insert(acme(), []));
  const broken = await startRegistry(file);
  await registry.close?.();
  appendFileSync(file, "");
  writeFileSync(file, Buffer.alloc(64 * 1024, 1));
  writeFileSync(`${file}-wal`, "");

  const found = broken.store.find({ by: "slug", value: "acme" });

  await expect(found).rejects.toThrow(RegistryUnavailableError);
});

it("is closed before it was started and after it was closed", async () => {
  const registry = sqliteRegistry({ file: join(temporaryFolder(), "registry.sqlite") });
  const find = async () => registry.store.find({ by: "slug", value: "acme" });

  await expect(find()).rejects.toThrow(TenancyClosedError);
  await registry.start?.();
  expect(await find()).toBeUndefined();
  await registry.close?.();
  await registry.close?.();
  await expect(find()).rejects.toThrow(TenancyClosedError);
});

it("lets go of its files when it is closed", async () => {
  const file = join(temporaryFolder(), "registry.sqlite");
  const registry = await startRegistry(file);
  await registry.transaction(({ tenants }) => tenants.insert(acme(), []));
  await registry.store.find({ by: "slug", value: "acme" });
  expect(existsSync(`${file}-wal`)).toBe(true);

  await registry.close?.();

  expect(existsSync(`${file}-wal`)).toBe(false);
});

it.each(["", " ", ":memory:", "file:registry.sqlite", "nul\0byte"])(
  "refuses the file %j",
  (file) => {
    expect(() => sqliteRegistry({ file })).toThrow(ConfigurationError);
  },
);

it.each([
  ["maxWait", { maxWait: 0 }],
  ["maxWait", { maxWait: "5" }],
  ["sqliteRegistry.maxwait", { maxwait: 5 }],
])("refuses a wrong %s: %j", (key, wrong) => {
  const make = () => sqliteRegistry({ file: "unused", ...wrong } as never);

  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow(`"${key}"`);
});

it("is unavailable, with the cause, when its folder cannot be made", async () => {
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "");

  const starting = startRegistry(join(file, "registry.sqlite"));

  await expect(starting).rejects.toMatchObject({
    code: "REGISTRY_UNAVAILABLE",
    cause: { path: file },
  });
});

async function startRegistry(file: string, maxWait?: number): Promise<CentralRegistry> {
  const registry = sqliteRegistry(maxWait === undefined ? { file } : { file, maxWait });
  onTestFinished(() => registry.close?.());
  await registry.start?.();
  files.set(registry, file);
  return registry;
}

/** Where each registry of these tests is. */
const files = new WeakMap<CentralRegistry, string>();

function fileOf(registry: CentralRegistry): string {
  return files.get(registry) ?? expect.unreachable();
}

async function execute(file: string, ...statements: string[]): Promise<void> {
  const discovery = { warnWhenNoEntities: false };
  const other = new MikroORM({ dbName: file, entities: [], discovery });
  for (const statement of statements) await other.em.getConnection().execute(statement);
  await other.close();
}

async function slugs(registry: CentralRegistry): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { slug } of registry.store.list()) found.push(slug);
  return found;
}
