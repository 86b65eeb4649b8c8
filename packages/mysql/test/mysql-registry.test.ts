import { inspect } from "node:util";
import {
  type CentralRegistry,
  ConfigurationError,
  type Placement,
  RegistryNewerError,
  RegistryUnavailableError,
  TransactionTimeoutError,
} from "@af-tenancy/core";
import { type MysqlRegistryOptions, mysqlRegistry } from "@af-tenancy/mysql";
import { acme, centralRegistryContract, globex, tenantRecord } from "@af-tenancy/testing";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { admin as asAdmin, missing, server, uniqueName } from "./server.ts";

describe.skipIf(missing !== undefined)(`a registry on MariaDB${missing ?? ""}`, () => {
  centralRegistryContract("mariadb", {
    async create() {
      return startRegistry(await newDatabase());
    },
  });

  it("lets many registries start at once on a database without tables", async () => {
    const database = await newDatabase();

    const registries = await Promise.all(Array.from({ length: 8 }, () => startRegistry(database)));

    for (const registry of registries) {
      expect(await registry.store.find({ by: "slug", value: "acme" })).toBeUndefined();
    }
    const made = await asAdmin("select name from registry_migrations", database);
    expect(made).toEqual([{ name: "0001-registry" }]);
  });

  it("does not start on tables of a newer version, and changes nothing", async () => {
    const database = await newDatabase();
    await (await startRegistry(database)).close?.();
    await asAdmin("insert into registry_migrations (name) values ('9999-later')", database);
    await asAdmin("delete from registry_migrations where name = '0001-registry'", database);

    await expect(startRegistry(database)).rejects.toThrow(RegistryNewerError);

    const made = await asAdmin("select name from registry_migrations", database);
    expect(made).toEqual([{ name: "9999-later" }]);
  });

  it("does not start on a database of something else", async () => {
    const database = await newDatabase();
    await asAdmin("create table tenants (of_something_else integer)", database);

    await expect(startRegistry(database)).rejects.toThrow(RegistryUnavailableError);

    const columns = await asAdmin("show columns from tenants", database);
    expect(columns).toHaveLength(1);
  });

  it("takes up what a process that died while it made the tables left", async () => {
    const database = await newDatabase();
    const whole = await newDatabase();
    await startRegistry(whole);
    await startRegistry(database);
    await asAdmin("update registry_migrations set executed_at = null", database);
    await asAdmin(
      "drop table outbox_cursors, sequences; drop index tenants_slug_unique on tenants",
      database,
    );

    await (await startRegistry(database)).transaction(({ sequences }) => sequences.next("a"));

    const tablesOf = async (name: string) =>
      await asAdmin(
        "select table_name, index_name, column_name, collation from information_schema.statistics where table_schema = database() order by 1, 2, 3",
        name,
      );
    expect(await tablesOf(database)).toEqual(await tablesOf(whole));
  });

  it("G12: gives a slug to exactly one of twenty processes, whose transactions wait for each other", async () => {
    const database = await newDatabase();
    const registries = await Promise.all(Array.from({ length: 4 }, () => startRegistry(database)));

    const claims = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        registries[index % 4]?.transaction(({ tenants }) =>
          tenants.insert(tenantRecord({ id: `tenant-${index}`, slug: "acme" }), []),
        ),
      ),
    );

    expect(claims.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const codes = claims.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
    expect(codes).toEqual(Array(19).fill("SLUG_TAKEN"));
  });

  it("never shows a lower number after a higher one, whichever process commits first", async () => {
    const database = await newDatabase();
    const registries = await Promise.all(Array.from({ length: 3 }, () => startRegistry(database)));
    const reader = await startRegistry(database);
    const seen: number[] = [];
    let writing = true;

    const follow = async () => {
      for (let last = 0; ; ) {
        const isOver = !writing;
        for (const { sequence } of await reader.changes.readAfter(last, 1_000)) {
          seen.push(sequence);
          last = sequence;
        }
        if (isOver) return;
      }
    };
    const following = follow();
    await Promise.all(
      registries.flatMap((registry, one) =>
        Array.from({ length: 20 }, (_, index) =>
          registry.transaction(async ({ outbox }) => {
            await outbox.append(change(`${one}-${index}`));
            if (index % 3 === one) await new Promise((resolve) => setTimeout(resolve, 5));
            await outbox.append(change(`${one}-${index}`));
          }),
        ),
      ),
    );
    writing = false;
    await following;

    expect(seen).toHaveLength(120);
    expect(seen).toEqual([...seen].sort((one, other) => one - other));
  });

  it("F137: shows no secret in what it throws and logs", async () => {
    const canary = "canary-7c1f9e";
    const database = await newDatabase();
    const registry = await startRegistry(database);
    const shown: unknown[] = [registry, mysqlRegistry(wrong({ password: canary }))];
    const fail = async (work: () => unknown) => {
      const error = await Promise.resolve(work()).then(
        () => expect.unreachable(),
        (thrown: unknown) => thrown,
      );
      shown.push(error, String(error), (error as Error).stack);
    };
    const log = vi.spyOn(console, "log");
    onTestFinished(() => log.mockRestore());
    const secretive = acme({ metadata: { canary }, placement: { ...placement, secret: canary } });

    await fail(() => mysqlRegistry(wrong({ port: 1, password: canary })).start?.());
    await asAdmin("alter table tenants add constraint refusing check (version < 5)", database);
    await fail(() =>
      registry.transaction(({ tenants }) => tenants.insert({ ...secretive, version: 5 }, [])),
    );
    await asAdmin("drop table servers; rename table tenants to away", database);
    await fail(() => registry.transaction(({ tenants }) => tenants.insert(secretive, [])));
    await fail(() => registry.store.find({ by: "slug", value: canary }));
    await fail(() =>
      registry.transaction(({ servers }) =>
        servers.record({
          ...{ driver: "mysql", name: "eu-1", state: "open" },
          ...{ capacity: undefined, secret: `v1.${canary}` },
        }),
      ),
    );

    const text = shown.map((one) => inspect(one, { depth: 20, showHidden: true })).join("\n");
    expect(text).not.toContain(canary);
    expect(text).toContain("REGISTRY_UNAVAILABLE");
    expect(log).not.toHaveBeenCalled();
  });

  it("gives up after a while when another process stays in its transaction", async () => {
    const database = await newDatabase();
    const [one, other] = [await startRegistry(database), await startRegistry(database, 1_000)];

    await one.transaction(async ({ tenants }) => {
      await tenants.insert(acme(), []);
      const waiting = other.transaction(({ tenants: others }) => others.insert(globex(), []));
      await expect(waiting).rejects.toThrow(TransactionTimeoutError);
    });

    await other.transaction(({ tenants }) => tenants.insert(globex(), []));
    expect(await other.store.find({ by: "slug", value: "acme" })).toEqual(acme());
  });

  it("goes on after its connections were cut", async () => {
    const database = await newDatabase();
    const registry = await startRegistry(database);
    await registry.transaction(({ tenants }) => tenants.insert(acme(), []));
    await registry.store.find({ by: "slug", value: "acme" });

    const sessions = await asAdmin<{ readonly id: number }>(
      `select id from information_schema.processlist where db = '${database}'`,
    );
    for (const { id } of sessions) await asAdmin(`kill ${id}`);
    await new Promise((resolve) => setTimeout(resolve, 100));

    expect(await registry.store.find({ by: "slug", value: "acme" })).toEqual(acme());
    await registry.transaction(({ tenants }) => tenants.insert(globex(), []));
  });
});

it.each([
  ["connection.database", { connection: server }],
  ["flavour", { connection: { ...server, database: "a" }, flavour: "oracle" }],
  ["maxWait", { connection: { ...server, database: "a" }, maxWait: 0 }],
  ["readers", { connection: { ...server, database: "a" }, readers: "2" }],
  ["mysqlRegistry.maxwait", { connection: { ...server, database: "a" }, maxwait: 5 }],
  ["connection.port", { connection: { database: "a", port: 0 } }],
])("refuses a wrong %s", (key, options) => {
  const make = () => mysqlRegistry(options as MysqlRegistryOptions);

  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow(`"${key}"`);
});

const placement: Placement = {
  driver: "mysql",
  strategy: "database",
  server: "default",
  name: "t_acme_g1",
  generation: 1,
  secret: undefined,
};

function wrong(connection: Partial<MysqlRegistryOptions["connection"]>) {
  return {
    connection: { ...server, database: "unused", ...connection },
    flavour: "mariadb" as const,
  };
}

function change(tenantId: string) {
  return { type: "tenant.updated", tenantId, version: 1, payload: {} };
}

async function newDatabase(): Promise<string> {
  const name = uniqueName("registry");
  await asAdmin(`create database ${name}`);
  onTestFinished(() => asAdmin(`drop database if exists ${name}`).then(() => {}));
  return name;
}

async function startRegistry(database: string, maxWait = 4_000): Promise<CentralRegistry> {
  const registry = mysqlRegistry({
    ...{ connection: { ...server, database }, flavour: "mariadb", maxWait },
  });
  onTestFinished(() => registry.close?.());
  await registry.start?.();
  return registry;
}
