import { sqlRunner } from "@af-tenancy/database";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { openForTest } from "./open-for-test.ts";
import { hasPgBouncer, startPgBouncer } from "./pgbouncer.ts";
import { asAdmin, withServer } from "./server.ts";

const withPooler = hasPgBouncer ? withServer : " (skipped: pgbouncer is not installed)";

describe.skipIf(withPooler !== "")(
  `behind a transaction-pooling PgBouncer${withPooler}`,
  { timeout: 30_000 },
  () => {
    it.each(["schema", "database"] as const)(
      "X10: F087: keeps the tenants of one physical session apart, with a %s each",
      async (strategy) => {
        const connection = { ...(await startPgBouncer()), pooler: true };
        const { tenancy, db, acme, globex } = await startFleet({ connection, strategy });

        for (const tenant of [acme, globex]) {
          await tenancy.run(tenant, () => db.em().insert(Note, { id: 1, text: tenant.slug }));
        }
        const read = (tenant: typeof acme) =>
          tenancy.run(tenant, async () => {
            const kysely = db.em().getKysely<{ note: { id: number; text: string } }>();
            const streamed: string[] = [];
            for await (const note of db.em().stream(Note)) streamed.push(note.text);
            const found = [
              (await db.em().fork().findOneOrFail(Note, 1)).text,
              (await kysely.selectFrom("note").select("text").where("id", "=", 1).execute())[0]
                ?.text,
              await db.em().transactional(async (em) => (await em.findOneOrFail(Note, 1)).text),
              ...streamed,
            ];
            return [...new Set(found)];
          });
        const rounds = Array.from({ length: 10 }, () => [acme, globex]).flat();
        const found = await Promise.all(rounds.map(read));

        expect(found).toEqual(rounds.map(({ slug }) => [slug]));
      },
    );

    it("F087: refuses there what needs a session", async () => {
      const connection = { ...(await startPgBouncer()), pooler: true };
      const { tenancy, db, acme } = await startFleet({ connection, strategy: "schema" });

      const refusals: readonly (readonly [string, string])[] = [
        ["set statement_timeout = 1", "SET"],
        ["select set_config('app.x', 'y', false)", "set_config()"],
        ["listen somewhere", "LISTEN"],
        ["select pg_advisory_lock(1)", "lock"],
        ["prepare p as select 1", "PREPARE"],
        ["create temp table t (id int)", "temporary table"],
        ["select 1; set role postgres", "SET"],
        ["/* a */ set statement_timeout = 1", "SET"],
        ["set local client_encoding = 'SJIS'", "SET"],
        ["/* a */ listen somewhere", "LISTEN"],
        ["/**/prepare p as select 1", "PREPARE"],
        ["-- a\ncreate temp table t (id int)", "temporary table"],
        [`create table "pg_temp".t (id int)`, "temporary table"],
        ["select * into pg_temp.t from note", "temporary table"],
        ["explain analyze create temp table t as select 1", "temporary table"],
        ["/* a */ declare c cursor with hold for select 1", "WITH HOLD"],
        ["update pg_settings set setting = '1' where name = 'statement_timeout'", "pg_settings"],
        [`select "pg_advisory_lock"(1)`, "lock"],
        [`select "set_config"('app.x', 'y', false)`, "set_config()"],
      ];
      for (const [sql, what] of refusals) {
        const refused = tenancy.run(acme, () => db.em().execute(sql));
        await expect(refused, sql).rejects.toMatchObject({
          code: "SESSION_FEATURE_REFUSED",
          message: expect.stringContaining(what),
        });
      }
      const allowed = tenancy.run(acme, () =>
        db.em().execute("select 'set x; listen y' as text, set_config('app.x', 'y', true)"),
      );
      await expect(allowed).resolves.toHaveLength(1);
    });

    it("F087: takes nothing more where a block has changed how texts are read", async () => {
      const connection = { ...(await startPgBouncer()), pooler: true };
      const { tenancy, db, acme, globex } = await startFleet({ connection, strategy: "schema" });
      const change = "do $$ begin set client_encoding = 'SJIS'; end $$";

      const after = tenancy.run(acme, () =>
        db.em().transactional(async (em) => {
          await em.execute(change);
          await em.execute("select e'\u00c1\\'; set work_mem = '1MB' --'");
        }),
      );

      await expect(after).rejects.toMatchObject({ code: "SESSION_FEATURE_REFUSED" });
      expect(
        await tenancy.run(globex, () => db.em().execute("select 'Caf\u00e9' as text")),
      ).toEqual([{ text: "Caf\u00e9" }]);
    });

    it("F087: sends a pooler no startup parameter from the environment, which it would refuse", async () => {
      const connection = { ...(await startPgBouncer()), pooler: true };
      vi.stubEnv("PGOPTIONS", "-c statement_timeout=1");
      onTestFinished(() => void vi.unstubAllEnvs());

      const driver = await openForTest(connection);

      const run = sqlRunner(await driver.acquireConnection());
      expect(await run("show statement_timeout")).toEqual([{ statement_timeout: "0" }]);
    });

    it("F087: finds a pooler that nobody spoke of", async () => {
      const connection = await startPgBouncer();

      await expect(startFleet({ connection })).rejects.toMatchObject({
        code: "DATABASE_REFUSED",
        message: expect.stringContaining("pooler: true"),
      });
    });

    it("F087: finds a pooler that swallows the session's settings", async () => {
      const connection = await startPgBouncer("ignore_startup_parameters = options");

      await expect(startFleet({ connection, strategy: "schema" })).rejects.toMatchObject({
        code: "INVALID_CONFIGURATION",
        key: "connection.pooler",
      });
    });

    it("F087: finds a login role that would see a schema without being tied to a tenant", async () => {
      const connection = { ...(await startPgBouncer()), pooler: true };
      await asAdmin(`alter role ${connection.user} reset search_path`);

      await expect(startFleet({ connection, strategy: "schema" })).rejects.toMatchObject({
        code: "INVALID_CONFIGURATION",
        message: expect.stringContaining(`alter role "${connection.user}" set search_path`),
      });
    });
  },
);
