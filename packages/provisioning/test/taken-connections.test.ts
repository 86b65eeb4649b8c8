import { randomBytes } from "node:crypto";
import { createTenancy, memoryRegistry, type TenantDatabases } from "@af-tenancy/core";
import { mysql } from "@af-tenancy/mysql";
import { postgresql } from "@af-tenancy/postgresql";
import { defineEntity, p } from "@mikro-orm/sqlite";
import { createConnection } from "mysql2/promise";
import { Client } from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { provisioning } from "../src/index.ts";
import { onMariadb } from "./crash/mariadb-engine.ts";
import { onPostgresql } from "./crash/postgresql-engine.ts";
import { whyNot } from "./crash/why-not.ts";
import { maria, postgres, serverOf } from "./life/registry-sites.ts";
import { thrownBy } from "./support/thrown-by.ts";
import { watchedDatabases } from "./support/watched-databases.ts";

const user = `aft_${randomBytes(4).toString("hex")}`;
const password = "two-connections";

/** Of a name that nobody else has, so that the user makes the template of its databases, and may copy it. */
const Note = defineEntity({ name: user, properties: { id: p.integer().primary() } });

/** A server, and a user of it that may have two connections at a time. */
const servers = [
  {
    name: "PostgreSQL",
    missing: await whyNot(() => onPostgresql("select 1")),
    make: () =>
      onPostgresql(`create role ${user} login createdb connection limit 2 password '${password}'`),
    async remove() {
      const owned = `select datname from pg_database where datdba = '${user}'::regrole`;
      for (const { datname } of await onPostgresql<{ datname: string }>(owned))
        await onPostgresql(`drop database "${datname}" with (force)`);
      await onPostgresql(`drop role ${user}`);
    },
    async connect() {
      const client = new Client({ ...serverOf(postgres), user, password, database: "postgres" });
      await client.connect();
      return client;
    },
    databases: (port = Number(postgres.port)): TenantDatabases =>
      postgresql({ connection: { ...serverOf(postgres), user, password, port }, entities: [Note] }),
  },
  {
    name: "MariaDB",
    missing: await whyNot(() => onMariadb("select 1")),
    make: () =>
      onMariadb(
        `create user '${user}'@'%' identified by '${password}' with max_user_connections 2; ` +
          `grant all on *.* to '${user}'@'%'`,
      ),
    remove: () => onMariadb(`drop user '${user}'@'%'`),
    connect: () => createConnection({ ...serverOf(maria), user, password }),
    databases: (port = Number(maria.port)): TenantDatabases =>
      mysql({
        ...{ connection: { ...serverOf(maria), user, password, port }, flavour: "mariadb" },
        entities: [Note],
      }),
  },
];

describe.each(servers)("on $name", ({ missing, make, remove, connect, databases }) => {
  const title = missing === undefined ? "" : ` (skipped: ${missing})`;

  async function start(tenants: TenantDatabases, retryMs?: number) {
    const tenancy = createTenancy({
      registry: memoryRegistry(),
      databases: tenants,
      provisioning: provisioning(retryMs === undefined ? {} : { retryMs }),
    });
    await tenancy.start();
    return tenancy;
  }

  it.skipIf(missing)(
    `a creation that finds every connection taken goes on when one is free${title}`,
    async () => {
      await make();
      onTestFinished(async () => void (await remove()));
      const taken = [await connect(), await connect()];
      let tried = 0;
      const tenancy = await start(
        watchedDatabases(databases(), {
          async before(call) {
            if (call === "create") tried += 1;
            if (tried === 2) for (const one of taken.splice(0)) await one.end();
          },
        }),
      );

      const acme = await tenancy.tenants.create({ slug: "acme" });

      expect(acme).toMatchObject({ status: "active", placement: { generation: 1 } });
      // The server may take a moment to see that the two have left.
      expect(tried).toBeGreaterThanOrEqual(2);
      await tenancy.tenants.purge(acme.id, { skipGrace: true });
      await tenancy.close();
    },
  );

  it.skipIf(missing)(`a server that is not there passes by itself${title}`, async () => {
    const tenancy = await start(databases(1), 0);
    onTestFinished(() => tenancy.close());

    const thrown = await thrownBy(() => tenancy.tenants.create({ slug: "acme" }));

    expect(thrown).toMatchObject({
      ...{ code: "PROVISIONING_FAILED", step: "database" },
      cause: { code: "DATABASE_UNAVAILABLE", transient: true },
    });
  });
});
