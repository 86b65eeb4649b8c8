import { randomBytes } from "node:crypto";
import { createTenancy, memoryRegistry, type TenantDatabases } from "@af-tenancy/core";
import type { MikroOrmDatabases } from "@af-tenancy/database";
import { mysql } from "@af-tenancy/mysql";
import { postgresql } from "@af-tenancy/postgresql";
import { testScale } from "@af-tenancy/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { provisioning } from "../src/index.ts";
import { onMariadb } from "./crash/mariadb-engine.ts";
import { onPostgresql } from "./crash/postgresql-engine.ts";
import { whyNot } from "./crash/why-not.ts";
import { maria, postgres, serverOf } from "./life/registry-sites.ts";
import { Note } from "./support/database-sites.ts";
import { resettingProxy } from "./support/resetting-proxy.ts";

const tag = randomBytes(4).toString("hex");
const names = (count: number) => Array.from({ length: count }, (_, index) => `t_${tag}${index}_g1`);

/** A server, and how others' tenants get there many at a time. */
const sites = [
  {
    name: "PostgreSQL databases",
    url: postgres,
    missing: await whyNot(() => onPostgresql("select 1")),
    databases: (port: number): MikroOrmDatabases =>
      postgresql({ connection: { ...serverOf(postgres), port }, entities: [Note] }),
    size: 30,
    async add(many: readonly string[]) {
      for (const one of many) await onPostgresql(`create database ${one}`);
    },
    async remove(many: readonly string[]) {
      for (const one of many) await onPostgresql(`drop database ${one}`);
    },
  },
  {
    name: "PostgreSQL schemas",
    url: postgres,
    missing: await whyNot(() => onPostgresql("select 1")),
    databases: (port: number): MikroOrmDatabases =>
      postgresql({
        connection: { ...serverOf(postgres), port },
        entities: [Note],
        strategy: "schema",
      }),
    size: 10_000,
    add: (many: readonly string[]) =>
      onPostgresql(many.map((one) => `create schema ${one}`).join(";")),
    async remove(many: readonly string[]) {
      for (let done = 0; done < many.length; done += 1_000) {
        await onPostgresql(
          many
            .slice(done, done + 1_000)
            .map((one) => `drop schema ${one}`)
            .join(";"),
        );
      }
    },
  },
  {
    name: "MariaDB databases",
    url: maria,
    missing: await whyNot(() => onMariadb("select 1")),
    databases: (port: number): MikroOrmDatabases =>
      mysql({ connection: { ...serverOf(maria), port }, flavour: "mariadb", entities: [Note] }),
    size: 2_000,
    add: (many: readonly string[]) =>
      onMariadb(many.map((one) => `create database ${one}`).join(";")),
    remove: (many: readonly string[]) =>
      onMariadb(many.map((one) => `drop database ${one}`).join(";")),
  },
];

describe.each(sites)("with $name", ({ missing, url, databases, size, add, remove }) => {
  const title = missing === undefined ? "" : ` (skipped: ${missing})`;

  it.skipIf(missing)(
    `F068: a tenant more, and a request, ask a full server no more than an empty one${title}`,
    async () => {
      const proxy = await resettingProxy(url);
      const db = databases(proxy.port);
      const tenancy = createTenancy({
        ...{ registry: memoryRegistry(), databases: db as TenantDatabases },
        provisioning: provisioning(),
      });
      await tenancy.start();
      onTestFinished(() => tenancy.close());
      const slugs = ["acme", "globex", "hooli", "initech", "umbrella"];
      const request = (slug: string) =>
        tenancy.run({ by: "slug", value: slug }, () => db.em().findAll(Note));
      async function asked(work: () => Promise<unknown>) {
        const before = proxy.traffic();
        await work();
        const { statements, received } = proxy.traffic();
        return {
          statements: statements.slice(before.statements.length).filter(isAsking),
          received: received - before.received,
        };
      }
      const many = names(Math.ceil(size * testScale()));
      // The first one makes what all have in common.
      await tenancy.tenants.create({ slug: "acme" });
      await request("acme");
      await tenancy.tenants.create({ slug: "umbrella" });
      const [first, firstRequest] = [
        await asked(() => tenancy.tenants.create({ slug: "globex" })),
        await asked(() => request("globex")),
      ];
      onTestFinished(async () => void (await remove(many)), 120_000);
      await add(many);

      // As before the first: whatever a driver keeps open for a moment is open.
      await tenancy.tenants.create({ slug: "hooli" });
      const [later, laterRequest] = [
        await asked(() => tenancy.tenants.create({ slug: "initech" })),
        await asked(() => request("initech")),
      ];

      expect(later.statements.length).toBe(first.statements.length);
      // Ports and times are told with more digits or fewer; a name of another tenant would be more than that.
      expect(Math.abs(later.received - first.received)).toBeLessThan(20);
      expect(laterRequest.statements.length).toBe(firstRequest.statements.length);
      expect(laterRequest.statements.filter((one) => catalogs.test(one))).toEqual([]);
      expect(laterRequest.statements.filter((one) => one.includes("note"))).toHaveLength(1);
      for (const slug of slugs)
        await tenancy.tenants.purge({ by: "slug", value: slug }, { skipGrace: true });
    },
  );
});

/**
 * A goodbye asks for nothing, and comes late where the machine is slow; so does the question whether a connection is there
 * that nobody has used for a while.
 */
function isAsking(sent: string): boolean {
  return !goodbyes.includes(sent) && !sent.endsWith("\u0003select 1");
}

/** As MariaDB and PostgreSQL are told. */
const goodbyes: readonly string[] = ["\u0001\0\0\0\u0001", "X\0\0\0\u0004"];

const catalogs = /pg_database|pg_namespace|pg_class|information_schema|show databases/i;
