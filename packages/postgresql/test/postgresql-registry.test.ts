import { inspect } from "node:util";
import {
  type CentralRegistry,
  ConfigurationError,
  type Placement,
  RegistryNewerError,
  RegistryUnavailableError,
  TransactionTimeoutError,
} from "@af-tenancy/core";
import { type PostgresqlRegistryOptions, postgresqlRegistry } from "@af-tenancy/postgresql";
import { acme, centralRegistryContract, globex, tenantRecord } from "@af-tenancy/testing";
import { afterAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { asAdmin, server, uniqueName, withServer } from "./server.ts";

describe.skipIf(withServer !== "")(`a registry on PostgreSQL${withServer}`, () => {
  centralRegistryContract("postgresql", {
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

  it("does not start on a database of something else, and leaves it as it was", async () => {
    const database = await newDatabase();
    await asAdmin("create table tenants (of_something_else integer)", database);

    await expect(startRegistry(database)).rejects.toThrow(RegistryUnavailableError);

    const tables = await asAdmin(
      "select tablename from pg_tables where schemaname = 'public'",
      database,
    );
    expect(tables).toEqual([{ tablename: "tenants" }]);
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
    const shown: unknown[] = [registry, postgresqlRegistry(wrong({ password: canary }))];
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

    await fail(() => postgresqlRegistry(wrong({ port: 1, password: canary })).start?.());
    await asAdmin("alter table tenants add constraint refusing check (version < 5)", database);
    await fail(() =>
      registry.transaction(({ tenants }) => tenants.insert({ ...secretive, version: 5 }, [])),
    );
    await asAdmin("drop table servers; alter table tenants rename to away", database);
    await fail(() => registry.transaction(({ tenants }) => tenants.insert(secretive, [])));
    await fail(() => registry.store.find({ by: "slug", value: canary }));
    await fail(() =>
      registry.transaction(({ servers }) =>
        servers.record({
          ...{ driver: "postgresql", name: "eu-1", state: "open" },
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
    const [one, other] = [await startRegistry(database), await startRegistry(database, 200)];

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

    await asAdmin(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`,
    );
    await new Promise((resolve) => setTimeout(resolve, 100));

    expect(await registry.store.find({ by: "slug", value: "acme" })).toEqual(acme());
    await registry.transaction(({ tenants }) => tenants.insert(globex(), []));
  });
});

it.each([
  ["maxWait", { connection: server, maxWait: 0 }],
  ["readers", { connection: server, readers: "2" }],
  ["postgresqlRegistry.maxwait", { connection: server, maxwait: 5 }],
  ["connection.port", { connection: { port: 0 } }],
])("refuses a wrong %s", (key, options) => {
  const make = () => postgresqlRegistry(options as PostgresqlRegistryOptions);

  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow(`"${key}"`);
});

const placement: Placement = {
  driver: "postgresql",
  strategy: "database",
  server: "default",
  name: "t_acme_g1",
  generation: 1,
  secret: undefined,
};

function wrong(connection: Partial<PostgresqlRegistryOptions["connection"]>) {
  return { connection: { ...server, ...connection } };
}

function change(tenantId: string) {
  return { type: "tenant.updated", tenantId, version: 1, payload: {} };
}

/** Databases that earlier tests are done with: emptying one is quicker than making another. */
const empty: string[] = [];
const made: string[] = [];

async function newDatabase(): Promise<string> {
  const name = empty.pop() ?? (await makeDatabase());
  onTestFinished(async () => {
    await asAdmin(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
    );
    await asAdmin("drop schema public cascade; create schema public", name);
    empty.push(name);
  });
  return name;
}

async function makeDatabase(): Promise<string> {
  const name = uniqueName("registry");
  await asAdmin(`create database ${name}`);
  made.push(name);
  return name;
}

afterAll(async () => {
  for (const name of made) await asAdmin(`drop database if exists ${name} with (force)`);
}, 60_000);

async function startRegistry(database: string, maxWait = 4_000): Promise<CentralRegistry> {
  const registry = postgresqlRegistry({ connection: { ...server, database }, maxWait });
  onTestFinished(() => registry.close?.());
  await registry.start?.();
  return registry;
}
