import { mysql } from "@af-tenancy/mysql";
import client from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { Author, Note } from "./entities.ts";
import { startFleet, startSite } from "./fleet.ts";
import { cannotStart, type OwnServer, startOwnServer } from "./own-server.ts";
import { admin, missing, server, uniqueName } from "./server.ts";

describe.skipIf(missing ?? cannotStart)("a foreign server", () => {
  let foreign: OwnServer;
  beforeAll(async () => {
    foreign = await startOwnServer();
  }, 60_000);
  afterAll(() => foreign?.stop());

  it.each([
    ["C034 S015: a partial server merged over the connection", partial],
    ["C034: a server with settings of its own", whole],
    ["C030: a host that only this tenant has", ofTenant],
  ])("C030: makes, serves and drops there only: %s", async (_, settings) => {
    const { db, tenancy, place, add } = await startSite({ servers: settings(foreign) });
    const [here, there] = [await add("here"), await add("there", { server: "eu" })];
    for (const tenant of [here, there]) {
      await tenancy.run(tenant, () => db.em().insert(Note, { id: 1, text: tenant.slug }));
    }
    const portOf = async (tenant: typeof here) =>
      tenancy.run(tenant, async () => {
        const [row] = await db
          .em()
          .execute<{ port: number; text: string }[]>("select @@port as port, text from note");
        return row;
      });

    expect(await portOf(here)).toEqual({ port: server.port, text: "here" });
    expect(await portOf(there)).toEqual({ port: foreign.port, text: "there" });
    expect(await standsOn(server.port, there.placement.name)).toBe(false);
    expect(await standsOn(foreign.port, there.placement.name)).toBe(true);

    await admin(`create database \`${there.placement.name}\``); // the same name at home is another database
    const { id: tenantId, placement } = there;
    await db.manager(placement).drop({ tenantId, placement });
    expect(await standsOn(foreign.port, placement.name)).toBe(false);
    expect(await standsOn(server.port, placement.name)).toBe(true);
    await admin(`drop database \`${placement.name}\``);
    expect(() => place("nowhere", { server: "us" })).toThrow("us");
  });

  it("S022: speaks TLS, with the server's certificate checked against its name", async () => {
    const secure = { ...server, port: foreign.port, host: "localhost", ssl: { ca: foreign.ca } };
    const { db, tenancy, acme } = await startFleet({ connection: secure });

    const [row] = await tenancy.run(acme, () =>
      db.em().execute<{ Value: string }[]>("show status like 'ssl_cipher'"),
    );

    expect(row?.Value).toMatch(/^TLS/);
  });

  it.each([
    ["a certificate that nobody here trusts", "localhost", true],
    ["a certificate for another name", "elsewhere", false],
  ])("F064 S022: refuses %s, and makes nothing", async (_, name, unknown) => {
    foreign.certify(name);
    onTestFinished(() => foreign.certify("localhost"));
    await admin("flush ssl", undefined, foreign.port);
    const ssl = unknown ? true : { ca: foreign.ca };
    const connection = { ...server, port: foreign.port, host: "localhost", ssl };
    const { db, place } = await startSite({ connection });
    const { id: tenantId, placement } = place("acme");

    await expect(db.manager(placement).create({ tenantId, placement })).rejects.toMatchObject({
      code: "DATABASE_REFUSED",
    });

    expect(await standsOn(foreign.port, placement.name)).toBe(false);
  });

  it("F076: has a tenant wait for another's connection when the server gives no more", async () => {
    const { acme, globex } = await startFleet({
      connection: { ...server, port: foreign.port },
      maxConnections: 1,
    });
    await admin(appUser, undefined, foreign.port);
    const { db, tenancy } = await startSite({
      connection: { ...server, port: foreign.port, user: "app" },
    });
    await tenancy.run(acme, () => db.em().find(Author, {}));
    const holders = await takeAllConnections(foreign.port);

    const [, ofGlobex] = await Promise.all([
      tenancy.run(acme, () => db.em().execute("select sleep(0.2)")),
      tenancy.run(globex, () => db.em().find(Author, {})),
    ]);

    expect(ofGlobex).toEqual([]);
    for (const holder of holders) await holder?.end();
  });

  it("F064: says that the server has no more room, and serves when it has", async () => {
    const { db, tenancy, acme } = await startFleet({
      connection: { ...server, port: foreign.port },
      maxConnections: 4,
    });
    await admin(appUser, undefined, foreign.port);
    const app = await startSite({ connection: { ...server, port: foreign.port, user: "app" } });
    const holders = await takeAllConnections(foreign.port);

    await expect(app.tenancy.run(acme, () => app.db.em().find(Author, {}))).rejects.toMatchObject({
      code: "DATABASE_UNAVAILABLE",
    });

    for (const holder of holders) await holder?.end();
    await vi.waitFor(async () =>
      expect(await app.tenancy.run(acme, () => app.db.em().find(Author, {}))).toEqual([]),
    );
    await tenancy.run(acme, () => db.em().find(Author, {}));
  });
});

describe("servers that cannot be meant", () => {
  const entities = [Note, Author];

  it("C025: takes no URL for a connection or a server", () => {
    const url = "mysql://root@127.0.0.1/app" as never;

    expect(() => mysql({ connection: url, entities })).toThrow("URL");
    expect(() => mysql({ connection: {}, servers: { eu: url }, entities })).toThrow("servers.eu");
    const lazily = mysql({ connection: {}, servers: () => url, entities });
    expect(() => lazily.place("a", 1, { server: "eu" })).toThrow("URL");
  });

  it.each([
    [{ host: "" }, "connection.host"],
    [{ port: 0 }, "connection.port"],
    [{ replicas: [{}] }, "connection.replicas[0]"],
    [{ replicas: [{ host: "db2", port: 0 }] }, "connection.replicas[0].port"],
    [{ user: "" }, "connection.user"],
    [{ password: 5 }, "connection.password"],
    [{ ssl: "yes" }, "connection.ssl"],
    [{ connectTimeout: 1.5 }, "connection.connectTimeout"],
    [{ queryTimeout: -1 }, "connection.queryTimeout"],
    [{ multipleStatements: true }, "connection.multipleStatements"],
    [{ host: "10.0.0.1", ssl: true }, "connection.host"],
  ])("refuses %o", (settings, path) => {
    expect(() => mysql({ connection: settings as never, entities })).toThrow(path);
  });

  it.each([
    [{ flavour: "percona" }, "flavour"],
    [{ maxConnections: 0 }, "maxConnections"],
  ])("refuses the option %o", (option, path) => {
    expect(() => mysql({ connection: {}, entities, ...(option as object) })).toThrow(path);
  });
});

describe.skipIf(missing)("a server that does not let anybody in", () => {
  it("S022: gives up on a server that says nothing, after connectTimeout", async () => {
    const { createServer } = await import("node:net");
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const { port } = silent.address() as { port: number };
    const { db, place } = await startSite({ connection: { ...server, port, connectTimeout: 100 } });
    const { id: tenantId, placement } = place("acme");

    await expect(db.manager(placement).create({ tenantId, placement })).rejects.toMatchObject({
      code: "DATABASE_UNAVAILABLE",
    });

    silent.close();
  });

  it("F064: says that nobody answers", async () => {
    const { db, tenancy, place } = await startSite({ connection: { ...server, port: 1 } });
    const tenant = place("acme");
    const { id: tenantId, placement } = tenant;

    for (const attempt of [
      db.manager(placement).create({ tenantId, placement }),
      db.manager(placement).inspect({ tenantId, placement }),
      db.migrate(tenant),
      tenancy.run(tenant, () => db.em().find(Note, {})),
    ]) {
      await expect(attempt).rejects.toMatchObject({
        code: "DATABASE_UNAVAILABLE",
        cause: expect.objectContaining({ code: "ECONNREFUSED" }),
      });
    }
  });

  it.each([
    ["a wrong password", async (user: string) => ({ user, password: "wrong" })],
    ["a user without rights", async (user: string) => ({ user, password: "right" })],
    [
      "a user who may not make users",
      async (user: string) => {
        await admin(`grant create, drop, insert, select on *.* to '${user}'@'%'`);
        return { user, password: "right" };
      },
    ],
    ["TLS where the server has none", async () => ({ ...server, host: "localhost", ssl: true })],
  ])("F064: refuses %s by name, and makes nothing", async (_, settings) => {
    const user = uniqueName("u").slice(0, 20);
    await admin(`create user '${user}'@'%' identified by 'right'`);
    const connection = { ...server, ...(await settings(user)) };
    const { db, tenancy, place } = await startSite({ connection, users: true });
    const tenant = place("acme");
    const { id: tenantId, placement } = tenant;

    await expect(db.manager(placement).create({ tenantId, placement })).rejects.toMatchObject({
      code: "DATABASE_REFUSED",
      status: 503,
    });

    await admin(`drop user '${user}'@'%'`);
    expect(await standsOn(server.port, placement.name)).toBe(false);
    await expect(tenancy.run(tenant, () => db.em().find(Note, {}))).rejects.toMatchObject({
      code: "DATABASE_REFUSED",
    });
  });
});

const appUser = "create user if not exists 'app'@'%'; grant all on *.* to 'app'@'%'";

/** Opens connections until the server gives no more. */
function takeAllConnections(port: number) {
  const opening = Array.from({ length: 16 }, () =>
    client.createConnection({ host: server.host, port, user: "app" }).catch(() => undefined),
  );
  return Promise.all(opening);
}

function partial({ port }: OwnServer) {
  return { eu: { port } };
}

function whole({ port }: OwnServer) {
  return { eu: { ...server, port, connectTimeout: 2_000, charset: "utf8mb4" } };
}

function ofTenant({ port }: OwnServer) {
  return (id: string) => (id === "eu" ? { port } : undefined);
}

async function standsOn(port: number, database: string): Promise<boolean> {
  const found = await admin(
    `select 1 from information_schema.schemata where schema_name = '${database}'`,
    undefined,
    port,
  );
  return found.length > 0;
}
