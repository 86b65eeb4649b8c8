import { randomUUID } from "node:crypto";
import type { TenantDatabase } from "@af-tenancy/core";
import { mysql } from "@af-tenancy/mysql";
import { databaseManagerContract } from "@af-tenancy/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { Author, Note } from "./entities.ts";
import { startSite } from "./fleet.ts";
import { admin, missing, server, uniqueName } from "./server.ts";

const entities = [Note, Author];

describe.skipIf(missing)("MysqlManager", () => {
  databaseManagerContract("mysql", {
    create: () => databases().manager(placementOf("any")),
    place: placementOf,
    rows: {
      async write({ placement: { name } }, key, value) {
        await admin(
          `create table if not exists row_test (id int primary key, value varchar(100));
           replace into row_test values (${key}, '${value}')`,
          name,
        );
      },
      async read({ placement: { name } }, key) {
        const [found] = await admin<{ TABLE_NAME: string }>(
          `select table_name from information_schema.tables
           where table_schema = '${name}' and table_name = 'row_test'`,
        );
        if (found === undefined) return undefined;
        const [row] = await admin<{ value: string }>(
          `select value from row_test where id = ${key}`,
          name,
        );
        return row?.value;
      },
    },
    async makeUnmarked({ placement: { name } }) {
      await admin(`create database \`${name}\`; create table \`${name}\`.theirs (id int)`);
    },
    async dropUnmarked({ placement: { name } }) {
      await admin(`drop database \`${name}\``);
    },
    badNames: ["-option", "a.b", "Large", "x".repeat(65), "mysql", "sys", "information_schema"],
  });

  it("F063: makes names that every server takes, whatever the id", () => {
    const db = databases();

    expect(db.place("01920000-0000-7000-8000-00000000ac3e", 1).name).toBe(
      "t_0192000000007000800000000000ac3e_g1",
    );
    expect(db.place("a-b", 12).name).toBe("t_a-b_g12");
    expect(db.place("Acme", 1).name).toMatch(/^t_h-[0-9a-f]{40}_g1$/);
    expect(db.place("Acme", 1).name).not.toBe(db.place("ACME", 1).name);
    expect(db.place("x".repeat(64), 1_000_000_000).name.length).toBeLessThanOrEqual(64);
    const hashed = db.place("Acme", 1).name.slice(2, -3);
    expect(db.place(hashed, 1).name).not.toBe(db.place("Acme", 1).name);
  });

  it("S013: takes a name that the tenant was given, and refuses what it cannot place", () => {
    const db = databases();

    expect(db.place("a", 3, { name: "chosen" })).toMatchObject({ name: "chosen", generation: 3 });
    for (const [wish, told] of [
      [{ name: "Large" }, "placement.name"],
      [{ name: "mysql" }, "keeps this name"],
      [{ driver: "sqlite" }, "sqlite"],
      [{ strategy: "row" }, "row"],
      [{ server: "eu" }, "eu"],
    ] as const) {
      expect(() => db.place("a", 1, wish)).toThrow(told);
    }
    expect(() => db.place("a'b", 1)).toThrow("tenantId");
  });

  it("C023: places no tenant in the application's own database", () => {
    const db = mysql({ connection: { ...server, database: "landlord" }, entities });

    expect(() => db.place("a", 1, { name: "landlord" })).toThrow("application's own");
  });

  it("C029: refuses a name under which something stands, before it changes anything", async () => {
    const { db } = await startSite();
    const name = await foreignDatabase();
    const database = databaseNamed(name);

    await expect(db.manager(database.placement).create(database)).rejects.toMatchObject({
      code: "DATABASE_OWNED",
    });

    expect(await admin("show tables", name)).toEqual([]);
  });

  it.each(["nothing but the database", "the table of its marker"])(
    "F051: finishes a database of which a crash left %s",
    async (left) => {
      const db = databases();
      const database = databaseNamed(uniqueName("custom"));
      const { name } = database.placement;
      await db.manager(database.placement).create(database);
      onTestFinished(() => db.manager(database.placement).drop(database));
      const broken = left === "the table of its marker" ? "delete from" : "drop table";
      await admin(`${broken} _tenancy_owner`, name);
      expect((await db.manager(database.placement).inspect(database))?.owner).toEqual({
        tenantId: "acme",
        generation: 1,
      });

      await db.manager(database.placement).create(database);

      expect(await admin("select tenant_id, generation from _tenancy_owner", name)).toEqual([
        { tenant_id: "acme", generation: 1 },
      ]);
    },
  );

  it("F051: takes an empty database under the tenant's generated name for what a crash left", async () => {
    const db = databases();
    const tenantId = randomUUID();
    const placement = db.place(tenantId, 1);
    const database = { tenantId, placement };
    await admin(`create database ${placement.name}`); // as on a server that keeps no comments
    onTestFinished(() => db.manager(placement).drop(database));
    const other = { tenantId: randomUUID(), placement };

    await expect(db.manager(placement).create(other)).rejects.toMatchObject({
      code: "DATABASE_OWNED",
    });
    await db.manager(placement).create(database);

    expect((await db.manager(placement).inspect(database))?.owner?.tenantId).toBe(tenantId);
  });

  it("F059: removes what an interrupted drop left, whichever tables are gone", async () => {
    const db = databases();
    const database = databaseNamed(uniqueName("half"));
    const { name } = database.placement;
    await db.manager(database.placement).create(database);
    await admin("create table rest (id int); drop table _tenancy_owner", name);

    await db.manager(database.placement).drop(database);

    expect(await db.manager(database.placement).inspect(database)).toBeUndefined();
  });

  it("F059: drops a database in which somebody goes on making tables", async () => {
    const db = databases();
    const database = databaseNamed(uniqueName("busy"));
    const { name } = database.placement;
    await db.manager(database.placement).create(database);
    const busy = (async () => {
      for (let number = 0; number < 50; number++) {
        await admin(`create table \`${name}\`.t${number} (id int)`).catch(() => undefined);
      }
    })();

    await db.manager(database.placement).drop(database);
    await busy;

    expect(await db.manager(database.placement).inspect(database)).toBeUndefined();
  });

  it("counts what the tables take on the disk", async () => {
    const { db, add } = await startSite();
    const { id, placement } = await add("acme");
    const database = { tenantId: id, placement };
    const before = (await db.manager(placement).inspect(database))?.bytes ?? 0;

    await admin(
      `create table big (id int primary key, text longtext) as
       select seq as id, repeat('x', 10000) as text from seq_1_to_200; analyze table big`,
      placement.name,
    );

    const after = (await db.manager(placement).inspect(database))?.bytes ?? 0;
    expect(after - before).toBeGreaterThan(1_000_000);
  });

  it("cannot rename, and says so", () => {
    const { capabilities } = databases().manager(placementOf("any"));

    expect(capabilities).toMatchObject({ rename: false, transactionalDdl: false });
  });

  it("C036: refuses a character set or a collation that is no name", () => {
    for (const bad of [5, {}, "", "utf8mb4; drop", "utf8mb4'"]) {
      for (const key of ["charset", "collation"]) {
        const connection = { ...server, [key]: bad };
        expect(() => mysql({ connection: connection as never, entities })).toThrow(key);
      }
    }
  });

  it.each([5, "x y", "latin1'"])(
    "C036: refuses %s for one tenant, before anything is made",
    async (bad) => {
      for (const key of ["charset", "collation"]) {
        const { db, place } = await startSite({ encoding: () => ({ [key]: bad }) as never });
        const { id, placement } = place("acme");

        await expect(
          db.manager(placement).create({ tenantId: id, placement }),
        ).rejects.toMatchObject({ code: "INVALID_INPUT" });
        expect(await db.manager(placement).inspect({ tenantId: id, placement })).toBeUndefined();
      }
    },
  );

  it.each([
    ["nothing is said", {}, undefined, ["utf8mb4", "utf8mb4_general_ci"]],
    [
      "the template says both",
      { charset: "latin1", collation: "latin1_bin" },
      undefined,
      ["latin1", "latin1_bin"],
    ],
    [
      "the template says a character set",
      { charset: "latin1" },
      undefined,
      ["latin1", "latin1_swedish_ci"],
    ],
    [
      "the template says a collation",
      { collation: "utf8mb4_bin" },
      undefined,
      ["utf8mb4", "utf8mb4_bin"],
    ],
    [
      "the template leaves it to the server",
      { charset: null, collation: null },
      undefined,
      "server",
    ],
    [
      "the tenant says both",
      { charset: "latin1" },
      { charset: "ascii", collation: "ascii_bin" },
      ["ascii", "ascii_bin"],
    ],
    [
      "the tenant says a character set",
      { collation: "utf8mb4_bin" },
      { charset: "ascii" },
      ["ascii", "ascii_general_ci"],
    ],
    [
      "the tenant says a collation",
      { charset: "latin1" },
      { collation: "ascii_bin" },
      ["ascii", "ascii_bin"],
    ],
    ["the tenant leaves it to the server", { charset: "latin1" }, { charset: null }, "server"],
  ] as const)("C037: encodes a new database when %s", async (_, template, own, expected) => {
    const { db, place } = await startSite({
      connection: { ...server, ...template },
      encoding: () => own,
    });
    const { id, placement } = place("acme");

    await db.manager(placement).create({ tenantId: id, placement });

    const [found] = await admin<Record<string, string>>(
      `select default_character_set_name as charset, default_collation_name as collation,
       @@global.character_set_server as own_charset, @@global.collation_server as own_collation
       from information_schema.schemata where schema_name = '${placement.name}'`,
    );
    expect([found?.charset, found?.collation]).toEqual(
      expected === "server" ? [found?.own_charset, found?.own_collation] : expected,
    );
  });
});

function databases() {
  return mysql({ connection: server, flavour: "mariadb", entities });
}

function placementOf(tenantId: string, generation = 1) {
  return databases().place(tenantId, generation);
}

function databaseNamed(name: string): TenantDatabase {
  return { tenantId: "acme", placement: { ...placementOf("acme"), name } };
}

async function foreignDatabase(): Promise<string> {
  const name = uniqueName("foreign");
  await admin(`create database ${name}`);
  onTestFinished(async () => void (await admin(`drop database ${name}`)));
  return name;
}
