import { randomUUID } from "node:crypto";
import { DatabaseRefusedError } from "@af-tenancy/database";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { PostgresqlConnectionSettings } from "../src/connection-options.ts";
import { keys, makeManager, placementOf } from "./managers.ts";
import { openForTest } from "./open-for-test.ts";
import { canStartServer, type OwnServer, startOwnServer } from "./own-server.ts";
import { asAdmin, uniqueName, withServer } from "./server.ts";

const withOwnServer = canStartServer ? withServer : " (skipped: no initdb, postgres or openssl)";

describe.skipIf(withOwnServer !== "")(
  `a server with passwords and TLS${withOwnServer}`,
  { timeout: 30_000 },
  () => {
    let own: OwnServer;

    beforeAll(async () => {
      own = await startOwnServer();
    }, 60_000);
    afterAll(() => own?.stop());

    it.each(["database", "schema"] as const)(
      "F064: refuses a wrong password at once, for a %s too",
      async (strategy) => {
        const manager = makeManager({ connection: { ...login(), password: "wrong" } });

        const creating = manager.create(databaseFor(strategy));

        await expect(creating).rejects.toThrow(DatabaseRefusedError);
        await expect(creating).rejects.toThrow("check user, password");
      },
    );

    it("F064: refuses to go on without a password, and takes none from the environment", async () => {
      process.env.PGPASSWORD = "correct";
      onTestFinished(() => {
        delete process.env.PGPASSWORD;
      });
      const { password: _, ...without } = login();

      await expect(openOwn(without)).rejects.toMatchObject({ code: "DATABASE_REFUSED" });
    });

    it("F064: S022: refuses a certificate that nobody vouches for, and takes one that is given", async () => {
      await expect(openOwn({ ...login(), ssl: true })).rejects.toMatchObject({
        code: "DATABASE_REFUSED",
        message: expect.stringContaining("secure connection"),
      });

      const driver = await openOwn({ ...login(), ssl: { ca: own.certificate } });

      const connection = await driver.acquireConnection();
      const { sqlRunner } = await import("@af-tenancy/database");
      const rows = await sqlRunner(connection)(
        "select ssl from pg_stat_ssl where pid = pg_backend_pid()",
      );
      expect(rows).toEqual([{ ssl: true }]);
    });

    it("F064: S022: refuses a server that offers no TLS where it is asked for", async () => {
      await expect(openForTest({ ssl: true })).rejects.toMatchObject({ code: "DATABASE_REFUSED" });
    });

    it.each([
      ["CREATEDB", "database", false, "login"],
      ["CREATEROLE", "database", true, "login createdb"],
      ["CREATE", "schema", false, "login"],
      ["CREATE", "schema", true, "login"],
    ] as const)("F064: makes nothing without %s, for a %s", async (_, strategy, users, rights) => {
      const role = uniqueName("weak");
      await asOwnAdmin(`create role ${role} ${rights} password 'weak'`);
      const manager = makeManager({
        connection: { ...login(), user: role, password: "weak" },
        users,
      });
      const database = databaseFor(strategy, users);
      const before = await contents();

      const creating = manager.create(database);

      await expect(creating).rejects.toMatchObject({ code: "DATABASE_REFUSED", status: 503 });
      expect(await contents()).toEqual(before);
    });

    it("C031: makes databases as the server's user, and serves them as the tenant's own", async () => {
      const role = uniqueName("maker");
      await asOwnAdmin(`create role ${role} login createdb createrole password 'maker'`);
      const manager = makeManager({
        connection: { ...login(), user: role, password: "maker" },
        users: true,
      });
      const database = databaseFor("database", true);

      await manager.create(database);
      await manager.create(database);

      const [found] = await asOwnAdmin<{ owner: string; user: string }>(
        `select pg_get_userbyid(datdba) as owner, rolname as user from pg_database, pg_roles where datname = '${database.placement.name}' and rolname = datname`,
      );
      expect(found).toEqual({ owner: role, user: database.placement.name });
      await manager.drop(database);
      expect(await asOwnAdmin(`select 1 from pg_roles where rolname = '${found?.user}'`)).toEqual(
        [],
      );
    });

    it("C030: makes and drops on the server that the placement names, and nowhere else", async () => {
      const manager = makeManager({ servers: { eu: { ...login() } } });
      const database = databaseFor("database");
      const abroad = { ...database, placement: { ...database.placement, server: "eu" } };
      const find = `select datname from pg_database where datname = '${database.placement.name}'`;

      await manager.create(abroad);
      const [there, here] = [await asOwnAdmin(find), await asAdmin(find)];
      await manager.drop(abroad);

      expect([there.length, here.length]).toEqual([1, 0]);
      expect(await asOwnAdmin(find)).toEqual([]);
    });

    it("C030: C034: finds a server by name, with what it leaves out taken from the first one", async () => {
      const { host } = own;
      const manager = makeManager({
        connection: { ...login(), host: "nowhere.invalid", connectTimeout: 2_000 },
        servers: (name) => (name === "by-name" ? { host } : undefined),
      });
      const database = databaseFor("schema");
      const found = { ...database, placement: { ...database.placement, server: "by-name" } };

      await manager.create(found);
      expect((await manager.inspect(found))?.owner?.tenantId).toBe(database.tenantId);
      await manager.drop(found);

      await expect(manager.inspect(database)).rejects.toMatchObject({
        code: "DATABASE_UNAVAILABLE",
      });
      const unknown = { ...database, placement: { ...database.placement, server: "other" } };
      await expect(manager.inspect(unknown)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    });

    it("C032: C033: uses the credentials that a tenant brings, sealed, for making and for serving", async () => {
      const role = uniqueName("tenant");
      await asOwnAdmin(`create role ${role} login createdb password 'its own'`);
      const { sealCredentials } = await import("@af-tenancy/database");
      const tenantId = randomUUID();
      const secret = sealCredentials(keys, tenantId, { user: role, password: "its own" });
      const placement = { ...placementOf("database", false, tenantId), secret };
      const manager = makeManager({ connection: { ...login(), password: "not needed" } });

      await manager.create({ tenantId, placement });

      const [found] = await asOwnAdmin<{ owner: string }>(
        `select pg_get_userbyid(datdba) as owner from pg_database where datname = '${placement.name}'`,
      );
      expect(found?.owner).toBe(role);
      expect(secret).not.toContain("its own");
      await manager.drop({ tenantId, placement });
    });

    it.each([
      ["UTF8", "C", { encoding: "UTF8", collation: "C" }],
      ["LATIN1", "C", { encoding: "LATIN1", collation: "C" }],
    ])("C037: makes databases in the encoding %s and the collation %s", async (e, c, options) => {
      const manager = makeManager({ servers: { eu: { ...login(), ...options } } });
      const made = databaseFor("database");
      const database = { ...made, placement: { ...made.placement, server: "eu" } };

      await manager.create(database);

      const rows = await asOwnAdmin(
        `select pg_encoding_to_char(encoding) as e, datcollate as c from pg_database where datname = '${made.placement.name}'`,
      );
      expect(rows).toEqual([{ e, c }]);
      await manager.drop(database);
    });

    function login(): PostgresqlConnectionSettings {
      const { host, port, user, password, database } = own;
      return { host, port, user, password, database };
    }

    async function openOwn(settings: PostgresqlConnectionSettings) {
      const { openConnection } = await import("../src/open-connection.ts");
      const { serverAddress } = await import("../src/connection-options.ts");
      const { PostgresqlDriver } = await import("../src/postgresql-driver.ts");
      const address = serverAddress("connection", settings);
      const connection = await openConnection({ address, types: undefined });
      const driver = PostgresqlDriver.over(connection);
      onTestFinished(() => driver.destroy());
      return driver;
    }

    async function asOwnAdmin<Row extends object>(sql: string): Promise<Row[]> {
      const client = new Client(login());
      await client.connect();
      try {
        return (await client.query<Row>(sql)).rows;
      } finally {
        await client.end();
      }
    }

    /** Everything that could have been made. */
    function contents() {
      return asOwnAdmin(
        "select datname as name from pg_database union all select rolname from pg_roles union all select nspname from pg_namespace order by 1",
      );
    }
  },
);

function databaseFor(strategy: "database" | "schema", users = false) {
  const tenantId = randomUUID();
  return { tenantId, placement: placementOf(strategy, users, tenantId) };
}
