import { type DoctorOptions, type Finding, openCredentials } from "@af-tenancy/database";
import { type MysqlOptions, mysql } from "@af-tenancy/mysql";
import { describe, expect, it, onTestFinished } from "vitest";
import { Author, Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { cannotStart, withOwnServer } from "./own-server.ts";
import { admin, missing, uniqueName } from "./server.ts";

describe.skipIf(missing ?? cannotStart)("a server of one's own", () => {
  const connection = withOwnServer("--max-connections=30");
  const asRoot = <Row>(sql: string) => admin<Row>(sql, undefined, connection.port);

  it.each([
    ["", {}],
    [" with users", { users: true }],
  ])("F088: finds nothing wrong with tenants%s on a healthy server", async (_, options) => {
    const { db } = await startFleet({ connection, ...options });

    await expect(db.doctor()).resolves.toEqual([]);
  });

  it("F088: finds nothing wrong with tenants in shared tables on a healthy server", async () => {
    const sharedDatabase = uniqueName("shared");
    onTestFinished(async () => void (await asRoot(`drop database ${sharedDatabase}`)));
    const { db } = await startFleet({ connection, strategies: ["row"], sharedDatabase });

    await expect(db.doctor()).resolves.toEqual([]);
  });

  it("finds more connections than the server lets in", async () => {
    const enough = await examine({ connection, maxConnections: 13 }, { processes: 2 });
    const more = await examine({ connection, maxConnections: 14 }, { processes: 2 });

    expect(enough).toEqual([]);
    expect(subjects(more)).toEqual([["mysql/connection-limit", 'server "default"']]);
  });

  it("finds more connections than the user may have, where tenants have no users", async () => {
    const user = await login("all privileges on *.*", "grant option max_user_connections 5");

    const shared = await examine({ connection: { ...connection, user } });
    const own = await examine({ connection: { ...connection, user }, users: true });

    expect(subjects(shared)).toEqual([["mysql/connection-limit", 'server "default"']]);
    expect(own).toEqual([]);
  });

  it("finds a table cache that does not hold the tenants' tables", async () => {
    const { db, add } = await startFleet({ connection });
    for (let i = 0; i < 4; i++) await add(`more-${i}`);
    await change("table_open_cache", 10);

    const findings = await db.doctor();

    expect(subjects(findings)).toEqual([["mysql/table-cache", 'server "default"']]);
    expect(findings[0]?.message).toContain("6 databases of tenants have 18 tables");
  });

  it("finds that the server may open fewer files than its table cache takes", async () => {
    await change("table_open_cache", 200_000);

    const findings = await examine({ connection });

    expect(subjects(findings)).toEqual([["mysql/open-files-limit", 'server "default"']]);
  });

  it("finds a database whose tables cannot hold every character", async () => {
    const { db, acme } = await startFleet({ connection });
    const { name } = acme.placement;
    await asRoot(`alter database \`${name}\` character set latin1`);

    const findings = await db.doctor();

    expect(subjects(findings)).toEqual([["mysql/old-collation", `database "${name}"`]]);
    expect(findings[0]?.message).toContain("latin1_swedish_ci");
  });

  it.each<[string, string, Partial<MysqlOptions>, string?, string?]>([
    ["CREATE, ALTER, DROP", "select, insert, update, delete, index, references on *.*", {}],
    ["SELECT, INSERT", "all privileges on `s\\_%`.*", {}],
    [
      "TRIGGER",
      "select, insert, update, delete, create, alter, drop, index, references on *.*",
      { strategies: ["row"] },
    ],
    ["CREATE USER, GRANT OPTION", "all privileges on `t\\_%`.*", { users: true }],
    ["CREATE USER", "all privileges on `t\\_%`.*", { users: true }, "grant option"],
    ["GRANT OPTION", "create user on *.*", { users: true }, "", "all privileges on `t\\_%`.*"],
  ])(
    "finds that the configured user lacks %s",
    async (rights, grant, options, how = "", more = "") => {
      const user = await login(grant, how);
      if (more !== "") await asRoot(`grant ${more} to '${user}'@'%'`);

      const findings = await examine({ connection: { ...connection, user }, ...options });

      expect(findings).toEqual([
        expect.objectContaining({
          check: "mysql/missing-rights",
          subject: `user "${user}" of server "default"`,
          message: expect.stringContaining(`It lacks ${rights}`),
        }),
      ]);
    },
  );

  it("finds a tenant's database for which a pattern gives nothing", async () => {
    const user = await login("all privileges on `t\\_%`.*");
    const { db, add } = await startFleet({ connection });
    const own = await add("own", { name: uniqueName() });

    const healthy = await examine({ connection: { ...connection, user } });
    const asked = mysql({ connection: { ...connection, user }, entities: [Note, Author] });

    expect(healthy).toEqual([]);
    expect((await asked.doctor({ tenants: [own] }))[0]?.message).toContain(own.placement.name);
    await expect(db.doctor()).resolves.toEqual([]);
  });

  it.each([
    ["a grant on it", (other: string) => `select on \`${other}\`.*`],
    ["a grant on a table of it", (other: string) => `select on \`${other}\`.note`],
    ["a grant on everything", () => "select on *.*"],
    ["a pattern", () => "select on `t_%`.*"],
  ])("F088: finds a tenant's user that reaches another's database by %s", async (_, grantOn) => {
    const { db, keys, acme, globex } = await startFleet({ connection, users: true });
    const { user } = openCredentials(keys, acme.id, acme.placement.secret ?? "");
    await asRoot(`grant ${grantOn(globex.placement.name)} to '${user}'@'%'`);

    const findings = await db.doctor();

    expect(subjects(findings)).toEqual([["mysql/reaches-other-tenant", `user "${user}"`]]);
    expect(findings[0]?.message).toContain(globex.placement.name);
  });

  it("F088: finds a grant in which an underscore stands for any character", async () => {
    const { db, keys, acme } = await startFleet({ connection, users: true });
    const { user } = openCredentials(keys, acme.id, acme.placement.secret ?? "");
    await asRoot(`grant select on \`${acme.placement.name}\`.* to '${user}'@'%'`);

    const findings = await db.doctor();

    expect(subjects(findings)).toEqual([["mysql/reaches-other-tenant", `user "${user}"`]]);
    expect(findings[0]?.message).toContain("holds for more databases than");
  });

  it.each([
    ["", ""],
    [" that another role leads to", "; create role outer_r; grant inner_r to outer_r"],
  ])(
    "F088: finds a role%s of a tenant's user with rights on another tenant's database",
    async (_, more) => {
      const { db, keys, acme, globex } = await startFleet({ connection, users: true });
      const { user } = openCredentials(keys, acme.id, acme.placement.secret ?? "");
      onTestFinished(async () => void (await asRoot("drop role if exists inner_r, outer_r")));
      await asRoot(
        `create role inner_r; grant select on \`${globex.placement.name}\`.note to inner_r${more}; ` +
          `grant ${more === "" ? "inner_r" : "outer_r"} to '${user}'@'%'`,
      );

      const findings = await db.doctor();

      expect(subjects(findings)).toEqual([["mysql/reaches-other-tenant", `user "${user}"`]]);
      expect(findings[0]?.message).toContain(globex.placement.name);
    },
  );

  it.each([
    ["", {}],
    [" of a user of its own", { users: true }],
  ])("F088: finds a database%s without its marker", async (_, options) => {
    const { db, acme } = await startFleet({ connection, ...options });
    const { name } = acme.placement;
    await asRoot(`rename table \`${name}\`._tenancy_owner to \`${name}\`.other`);

    const findings = await db.doctor();
    await asRoot(`rename table \`${name}\`.other to \`${name}\`._tenancy_owner`);

    expect(subjects(findings)).toEqual([["doctor/foreign-database", `database "${name}"`]]);
    expect(findings[0]?.message).toContain("nobody");
  });

  it("takes a tenant's user that cannot sign in for no health", async () => {
    const { db, keys, acme } = await startFleet({ connection, users: true });
    const { user } = openCredentials(keys, acme.id, acme.placement.secret ?? "");
    await asRoot(`drop user '${user}'@'%'`);

    const findings = await db.doctor();

    expect(findings[0]?.message).toContain("It cannot sign in");
  });

  it("finds each server that it cannot reach, and looks at the others", async () => {
    const findings = await examine({
      connection,
      servers: { eu: { port: 1 } },
      maxConnections: 1_000,
    });

    expect(subjects(findings)).toEqual([
      ["mysql/connection-limit", 'server "default"'],
      ["doctor/unreachable", 'mysql server "eu"'],
    ]);
  });

  /** Makes a user that is gone when the test is over. */
  async function login(grant: string, how = ""): Promise<string> {
    const user = uniqueName("doctor");
    const passed = how === "" ? "" : ` with ${how}`;
    await asRoot(`create user '${user}'@'%'; grant ${grant} to '${user}'@'%'${passed}`);
    onTestFinished(async () => void (await asRoot(`drop user '${user}'@'%'`)));
    return user;
  }

  /** Changes a setting of the server until the test is over. */
  async function change(setting: string, value: number): Promise<void> {
    const [before] = await asRoot<{ readonly value: number }>(
      `select @@global.${setting} as value`,
    );
    onTestFinished(async () => void (await asRoot(`set global ${setting} = ${before?.value}`)));
    await asRoot(`set global ${setting} = ${value}`);
  }
});

describe.skipIf(missing ?? cannotStart)("a server that takes names for others", () => {
  const connection = withOwnServer("--lower-case-table-names=1", "--max-connections=30");

  it("finds that it writes names down in small letters", async () => {
    const findings = await examine({ connection });

    expect(subjects(findings)).toEqual([["mysql/lower-case-names", 'server "default"']]);
  });
});

/** Asks the doctor of an application without tenants. */
function examine(
  options: Pick<MysqlOptions, "connection"> & Partial<MysqlOptions>,
  more: DoctorOptions = {},
) {
  const db = mysql({ flavour: "mariadb", entities: [Note, Author], ...options });
  return db.doctor({ tenants: [], ...more });
}

function subjects(findings: readonly Finding[]): (readonly [string, string])[] {
  return findings.map(({ check, subject }) => [check, subject]);
}
