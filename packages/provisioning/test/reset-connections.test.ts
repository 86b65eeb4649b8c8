import { randomBytes } from "node:crypto";
import {
  type CentralRegistry,
  createTenancy,
  memoryDatabases,
  memoryRegistry,
  type Tenancy,
  type TenantDatabases,
} from "@af-tenancy/core";
import { mysql, mysqlRegistry } from "@af-tenancy/mysql";
import { postgresql, postgresqlRegistry } from "@af-tenancy/postgresql";
import { describe, expect, it, onTestFinished } from "vitest";
import { provisioning } from "../src/index.ts";
import { onMariadb } from "./crash/mariadb-engine.ts";
import { onPostgresql } from "./crash/postgresql-engine.ts";
import { maria, postgres, registrySites, serverOf } from "./life/registry-sites.ts";
import { Note } from "./support/database-sites.ts";
import { journalOf } from "./support/journal-of.ts";
import { resettingProxy } from "./support/resetting-proxy.ts";
import { codeThrownBy } from "./support/thrown-by.ts";

/** A server, how it is reached through a proxy, and what its connections are told. */
const engines = [
  {
    name: "PostgreSQL",
    url: postgres,
    registry: (port: number, database: string) =>
      postgresqlRegistry({ connection: { ...serverOf(postgres), port, database } }),
    databases: (port: number) =>
      postgresql({ connection: { ...serverOf(postgres), port }, entities: [Note] }),
    // The template is made before.
    creating: /create database "(?!~template)/i,
    like: async (id: string) =>
      (
        await onPostgresql<{ name: string }>(
          `select datname as name from pg_database where datname like '%${id}%'`,
        )
      ).map(({ name }) => name),
  },
  {
    name: "MariaDB",
    url: maria,
    registry: (port: number, database: string) =>
      mysqlRegistry({ connection: { ...serverOf(maria), port, database }, flavour: "mariadb" }),
    databases: (port: number) =>
      mysql({ connection: { ...serverOf(maria), port }, flavour: "mariadb", entities: [Note] }),
    creating: /create database /i,
    like: async (id: string) =>
      (
        await onMariadb<{ name: string }>(
          `select schema_name as name from information_schema.schemata where schema_name like '%${id}%'`,
        )
      ).map(({ name }) => name),
  },
];

const cuts = ["its request is lost", "its reply is lost"] as const;
const commits = ["intent", "activate"];
const steps = ["database", "migrate", "verify", "activate"];

describe.each(engines)("on $name", ({ name, url, registry, databases, creating, like }) => {
  const missing = registrySites.find((one) => one.name === name)?.missing ?? "";

  it.skipIf(missing !== "")(
    `F053: a reset during COMMIT of the registry is looked into, and each step is done once ${missing}`,
    async () => {
      const database = await newDatabase(name === "MariaDB" ? onMariadb : onPostgresql);
      const proxy = await resettingProxy(url);
      const central = registry(proxy.port, database);
      const { tenants, events } = await start({ registry: central, databases: memoryDatabases() });
      const told: string[] = [];
      events.on("operationProgress", ({ step }) => void told.push(step));
      const commit = /commit\0?$/i;

      for (const cut of cuts) {
        for (let nth = 1; nth <= commits.length; nth += 1) {
          told.length = 0;
          proxy.arm(commit, cut, nth);
          const slug = `${nth}-${cuts.indexOf(cut)}`;
          const creating = () => tenants.create({ slug });
          if (nth === 1 && cut === "its request is lost") {
            expect(await codeThrownBy(creating)).toBe("REGISTRY_UNAVAILABLE");
            expect(await central.store.find({ by: "slug", value: slug })).toBeUndefined();
            continue;
          }
          const tenant = await creating();

          expect(tenant).toMatchObject({ slug, status: "active", placement: { generation: 1 } });
          expect(told).toEqual(steps);
        }
      }

      expect(proxy.resets).toBe(2 * commits.length);
      const { unfinished, ledger } = await journalOf(central);
      expect(unfinished).toEqual([]);
      expect(ledger.map(({ state }) => state)).toEqual(Array(2 * commits.length - 1).fill("ready"));
    },
  );

  it.skipIf(missing !== "").each(cuts)(
    `F053: a reset during CREATE DATABASE (%s) leaves one database, of this generation ${missing}`,
    async (cut) => {
      const proxy = await resettingProxy(url);
      const central = memoryRegistry();
      const { tenants } = await start({ registry: central, databases: databases(proxy.port) });
      const before = await tenants.create({ slug: "before" });
      proxy.arm(creating, cut);

      const acme = await tenants.create({ slug: "acme" });

      expect(proxy.resets).toBe(1);
      expect(acme).toMatchObject({ status: "active", placement: { generation: 1 } });
      expect(await like(acme.id.replaceAll("-", ""))).toEqual([acme.placement?.name]);
      const { unfinished, ledger } = await journalOf(central);
      expect([unfinished, ledger.map(({ state }) => state)]).toEqual([[], ["ready", "ready"]]);
      for (const { id } of [before, acme]) await tenants.purge(id, { skipGrace: true });
      expect(await like(acme.id.replaceAll("-", ""))).toEqual([]);
    },
  );
});

async function start(parts: {
  readonly registry: CentralRegistry;
  readonly databases: TenantDatabases;
}): Promise<Tenancy> {
  const tenancy = createTenancy({ ...parts, provisioning: provisioning() });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  return tenancy;
}

async function newDatabase(run: (sql: string) => Promise<unknown>): Promise<string> {
  const name = `aft_reset_${randomBytes(5).toString("hex")}`;
  await run(`create database ${name}`);
  onTestFinished(async () => {
    await run(`drop database ${name}${run === onPostgresql ? " with (force)" : ""}`);
  });
  return name;
}
