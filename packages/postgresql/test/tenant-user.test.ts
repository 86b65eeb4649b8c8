import { randomUUID } from "node:crypto";
import { openCredentials, sealCredentials } from "@af-tenancy/database";
import { Client } from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { draftPrefix } from "../src/placement-names.ts";
import { scramVerifier } from "../src/scram-verifier.ts";
import { Note } from "./entities.ts";
import { sharedFleet, startFleet } from "./fleet.ts";
import { keys, makeManager, placementOf } from "./managers.ts";
import { asAdmin, server, uniqueName, withServer } from "./server.ts";

describe.skipIf(withServer !== "")(
  `a database user for each tenant${withServer}`,
  { timeout: 30_000 },
  () => {
    const inDatabases = sharedFleet((over) => startFleet({ users: true }, over));
    const inSchemas = sharedFleet((over) => startFleet({ strategy: "schema", users: true }, over));

    it.each(["database", "schema"] as const)(
      "C042: is there once its %s is made, and gone with it",
      async (strategy) => {
        const manager = makeManager({ users: true });
        const database = databaseFor(strategy);
        const find = `select rolcanlogin as login, rolsuper as super, rolinherit as inherit from pg_roles where rolname = '${database.placement.name}'`;

        const before = await asAdmin(find);
        await manager.create(database);
        const made = await asAdmin(find);
        await manager.drop(database);

        expect(before).toEqual([]);
        expect(made).toEqual([{ login: strategy === "database", super: false, inherit: false }]);
        expect(await asAdmin(find)).toEqual([]);
      },
    );

    it.each(["database", "schema"] as const)(
      "C043: makes no %s when there is a user of that name, and leaves that user alone",
      async (strategy) => {
        const manager = makeManager({ users: true });
        const database = databaseFor(strategy);
        const { name } = database.placement;
        await asAdmin(`create role "${name}" login password 'theirs'`);
        onTestFinished(async () => void (await asAdmin(`drop role "${name}"`)));
        const password = `select rolpassword from pg_authid where rolname = '${name}'`;
        const before = await asAdmin(password);

        await expect(manager.create(database)).rejects.toMatchObject({
          code: "DATABASE_USER_TAKEN",
          status: 409,
        });
        await manager.drop(database);

        expect(await manager.inspect(database)).toBeUndefined();
        expect(await asAdmin(password)).toEqual(before);
        expect(
          await asAdmin(
            `select 1 from pg_database where starts_with(datname, '${draftPrefix(database.placement.name)}')`,
          ),
        ).toEqual([]);
      },
    );

    it("C033: C042: has a secret of its own, sealed in the placement, with which the tenant connects", async () => {
      const { db, tenancy, acme, globex } = inDatabases();

      const [ours, theirs] = [acme, globex].map(({ id, placement }) =>
        openCredentials(keys, id, placement?.secret ?? ""),
      );
      const me = await tenancy.run(acme, () => db.em().execute("select session_user as me"));

      expect(ours?.user).toBe(acme.placement?.name);
      expect(ours?.password).toMatch(/^[\w-]{32}$/);
      expect(theirs?.password).not.toBe(ours?.password);
      expect(acme.placement?.secret).not.toContain(ours?.password);
      expect(me).toEqual([{ me: ours?.user }]);
    });

    it("F088: cannot connect to another tenant's database", async () => {
      const { acme, globex } = inDatabases();
      const { user, password } = openCredentials(keys, acme.id, acme.placement?.secret ?? "");
      const connect = async (database: string | undefined) => {
        const client = new Client({ ...server, user, password, database });
        try {
          await client.connect();
          return "connected";
        } catch (error) {
          return (error as { code?: string }).code;
        } finally {
          await client.end();
        }
      };

      expect(await connect(acme.placement?.name)).toBe("connected");
      expect(await connect(globex.placement?.name)).toBe("42501");
    });

    it("is refused another tenant's table by its qualified name, whatever the way", async () => {
      const { db, tenancy, acme, globex } = inSchemas();
      const theirs = `"${globex.placement?.name}".note`;

      const attempts = tenancy.run(acme, () =>
        Promise.allSettled([
          db.em().execute(`select * from ${theirs}`),
          db.em().execute(`select * from ${theirs} where id = ?`, [1]),
          db.em().execute(`insert into ${theirs} values (1, 'x')`),
          db.em().transactional((em) => em.execute(`select * from ${theirs}`)),
          db
            .em()
            .getKysely<{ [name: string]: { id: number } }>()
            .selectFrom(`${globex.placement?.name}.note`)
            .selectAll()
            .where("id", "=", 1)
            .execute(),
          db
            .em()
            .fork({ schema: globex.placement?.name ?? "" })
            .createQueryBuilder(Note)
            .withSchema(globex.placement?.name ?? "")
            .getResultList(),
        ]),
      );

      for (const attempt of await attempts) {
        expect(attempt).toMatchObject({
          status: "rejected",
          reason: { message: expect.stringContaining("permission denied for schema") },
        });
      }
    });

    it.each([
      ["database", inDatabases],
      ["schema", inSchemas],
    ] as const)(
      "C045: may use the tables that others make in its %s later, and no more than that",
      async (strategy, fleetOf) => {
        const { db, tenancy, acme } = fleetOf();
        const name = acme.placement?.name ?? "";
        const [database, schema] =
          strategy === "database" ? [name, "public"] : [server.database, name];
        await asAdmin(`create table "${schema}".later (id serial primary key)`, database);

        await tenancy.run(acme, async () => {
          const em = db.em();
          await em.execute("insert into later default values");
          await em.execute("update later set id = 7");
          expect(await em.execute("select id from later")).toEqual([{ id: 7 }]);
          await em.execute("delete from later");
          await expect(em.execute("truncate later")).rejects.toThrow("permission denied");
          await expect(em.execute("drop table later")).rejects.toThrow("must be owner");
          await expect(em.execute("update _tenancy_owner set tenant_id = 'me'")).rejects.toThrow(
            "permission denied",
          );
        });
        await db.verify(acme);
      },
    );

    it("C046: is not asked of tenants that were made before there were users", async () => {
      const before = await startFleet();
      await before.tenancy.run(before.acme, () =>
        before.db.em().insert(Note, { id: 1, text: "old" }),
      );
      const after = inDatabases();

      const read = await after.tenancy.run(before.acme, () => after.db.em().findAll(Note));
      await after.db.verify(before.acme);

      expect(read.map(({ text }) => text)).toEqual(["old"]);
      expect(before.acme.placement?.secret).toBeUndefined();
      expect(after.acme.placement?.secret).toBeDefined();
    });

    it.each([
      ["", "good"],
      ["postgres", "good"],
      ['quo"te', "good"],
      ["semi;colon", "good"],
      [null, "good"],
      ["good", ""],
      ["good", "quo'te"],
      ["good", 'quo"te'],
      ["good", "back\\slash"],
      ["good", "nul\0"],
      ["good", null],
    ])(
      "C035: refuses the user %j with the password %j in create and in drop",
      async (user, password) => {
        const manager = makeManager({ users: true });
        const tenantId = randomUUID();
        const secret = sealCredentials(keys, tenantId, { user, password } as never);
        const database = {
          tenantId,
          placement: { ...placementOf("database", true, tenantId), secret },
        };

        await expect(manager.create(database)).rejects.toMatchObject({ code: "INVALID_INPUT" });
        await expect(manager.drop(database)).rejects.toMatchObject({ code: "INVALID_INPUT" });
      },
    );

    it("C035: takes special characters in a password, and the server checks it by its verifier", async () => {
      const manager = makeManager({ users: true });
      const tenantId = randomUUID();
      const user = uniqueName("special");
      const secret = sealCredentials(keys, tenantId, { user, password: "p@ss:w/o?r#d% $1ä" });
      const placement = { ...placementOf("database", true, tenantId), secret };

      await manager.create({ tenantId, placement });

      const [row] = await asAdmin<{ rolpassword: string }>(
        `select rolpassword from pg_authid where rolname = '${user}'`,
      );
      const salt = /:([^$]+)\$/.exec(row?.rolpassword ?? "")?.[1] ?? "";
      await manager.drop({ tenantId, placement });
      expect(row?.rolpassword).toBe(
        scramVerifier("p@ss:w/o?r#d% $1ä", Buffer.from(salt, "base64")),
      );
    });
  },
);

function databaseFor(strategy: "database" | "schema") {
  const tenantId = randomUUID();
  return { tenantId, placement: placementOf(strategy, true, tenantId) };
}
