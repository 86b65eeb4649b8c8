import type { TenantRecord } from "@af-tenancy/core";
import { RowsExposedError } from "@af-tenancy/database";
import type { SharedTablesManager } from "@af-tenancy/testing";
import { Client } from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { hasPgBouncer, startPgBouncer } from "./pgbouncer.ts";
import { asAdmin, withServer } from "./server.ts";
import { type SharedSite, startSharedTables } from "./start-shared-tables.ts";

const withPooler = hasPgBouncer ? withServer : " (skipped: pgbouncer is not installed)";

describe.skipIf(withPooler !== "")(
  `shared tables behind a transaction-pooling PgBouncer${withPooler}`,
  { timeout: 30_000 },
  () => {
    it("X10: F087: keeps rows with equal keys apart on the one physical session of two tenants", async () => {
      const { site, acme, globex } = await startPooled();
      const sessions = new Set<unknown>();
      const read = (tenant: TenantRecord) =>
        site.run(tenant, async (em) => {
          for (const row of rowsOf(await em.execute("select pg_backend_pid() as pid"))) {
            sessions.add(row.pid);
          }
          return [...new Set((await everyWay(em, site)).map(({ text }) => text))];
        });
      const rounds = Array.from({ length: 10 }, () => [acme, globex]).flat();

      const found = await Promise.all(rounds.map(read));

      expect(found).toEqual(rounds.map(({ id }) => [id]));
      expect(sessions.size).toBe(1);
    });

    it("C130 F087: reaches no other tenant's row with raw changes, and takes no forged one", async () => {
      const { site, acme, globex } = await startPooled();
      const forged = `insert into note (tenant_id, id, text) values ('${globex.id}', 9, 'forged')`;

      await site.run(acme, async (em) => {
        await em.execute("update note set text = 'raw'");
        await em.transactional((tx) => tx.execute("update note set text = text || '!'"));
      });
      const inserted = site.run(acme, (em) => em.execute(forged));

      await expect(inserted).rejects.toThrow("row-level security");
      const texts = await Promise.all(
        [acme, globex].map((tenant) =>
          site.run(tenant, (em) => em.execute("select text from note")),
        ),
      );
      expect(texts).toEqual([[{ text: "raw!" }], [{ text: globex.id }]]);
    });

    it("F081 F087: leaves nothing on the session, whether a statement or a transaction ends well or not", async () => {
      const { site, acme, globex, look } = await startPooled();
      const ways: ((em: SharedTablesManager) => Promise<unknown>)[] = [
        (em) => em.execute("select text from note"),
        (em) => em.find(site.entities.Note, {}),
        (em) => em.transactional((tx) => tx.execute("select 1")),
        (em) => em.execute("select 1 / 0"),
        (em) => em.insert(site.entities.Note, { id: 1, text: "twice" }),
        (em) => em.transactional((tx) => tx.execute("select 1 / 0")),
        (em) =>
          em.transactional(async () => {
            throw new RangeError("the application's own");
          }),
      ];

      for (const way of ways) {
        await site.run(acme, (em) => way(em.fork())).catch(() => undefined);
        expect(await look()).toEqual({ tenant: "", path: '""', own: true });
        const seen = await site.run(globex, (em) => em.execute("select text from note"));
        expect(seen).toEqual([{ text: globex.id }]);
      }
    });

    it("F014 F087: keeps transactions of two tenants inside one another apart", async () => {
      const { site, acme, globex } = await startPooled("default_pool_size = 2");

      for (const [outer, inner] of [
        [acme, globex],
        [globex, acme],
      ] as const) {
        const seen = await site.run(outer, (em) =>
          em.transactional(async (tx) => {
            const theirs = await site.run(inner, (other) =>
              other.transactional((otherTx) => everyWay(otherTx, site)),
            );
            return [await everyWay(tx, site), theirs];
          }),
        );
        expect(seen.map((rows) => [...new Set(rows.map(({ text }) => text))])).toEqual([
          [outer.id],
          [inner.id],
        ]);
      }
    });

    it("F087: refuses there what needs a session, or would be another tenant", async () => {
      const { site, acme } = await startPooled();

      for (const [sql, code] of [
        ["listen somewhere", "SESSION_FEATURE_REFUSED"],
        ["select pg_advisory_lock(1)", "SESSION_FEATURE_REFUSED"],
        ["set statement_timeout = 1", "SESSION_FEATURE_REFUSED"],
        ["set local app.tenant = 'other'", "UNSCOPED_SQL"],
        ["reset role", "UNSCOPED_SQL"],
      ] as const) {
        const refused = site.run(acme, (em) => em.execute(sql));
        await expect(refused, sql).rejects.toMatchObject({ code });
      }
    });

    it("F088 F087: proves at start, through the pooler, that the rules bite", async () => {
      const { again, schema } = await startPooled();
      await (await again()).tenancy.close();

      await asAdmin(`alter table "${schema}".note no force row level security`);

      await expect(again()).rejects.toThrow(RowsExposedError);
    });
  },
);

/** Starts an application behind a pooler, with two tenants that have a note of the same key. */
async function startPooled(more = "") {
  const connection = { ...(await startPgBouncer(more)), pooler: true };
  const site = await startSharedTables({ connection });
  onTestFinished(() => site.close());
  const [acme, globex] = [await site.add(), await site.add()];
  for (const tenant of [acme, globex]) {
    await site.run(tenant, (em) => em.insert(site.entities.Note, { id: 1, text: tenant.id }));
  }
  const { schema, role } = site;
  return {
    ...{ site, acme, globex, schema },
    again: () => startSharedTables({ connection, sharedSchema: schema, sharedRole: role }),
    /** Looks at the session as the pooler's next client finds it. */
    async look() {
      const client = new Client(connection);
      await client.connect();
      const found = await client.query(
        "select coalesce(current_setting('app.tenant', true), '') as tenant, current_setting('search_path') as path, current_user = session_user as own",
      );
      await client.end();
      return found.rows[0];
    },
  };
}

/** All notes, by the ORM, its query builder, raw SQL, Kysely and a stream. */
async function everyWay(em: SharedTablesManager, { entities: { Note } }: SharedSite) {
  const streamed = [];
  for await (const note of em.stream(Note)) streamed.push(note);
  return [
    ...(await em.find(Note, {}, { refresh: true })),
    ...(await em.createQueryBuilder(Note).select("*").getResultList()),
    ...rowsOf(await em.execute("select text from note")),
    ...(await em.getKysely().selectFrom("note").selectAll().execute()),
    ...streamed,
  ];
}

function rowsOf(found: unknown): readonly Record<string, unknown>[] {
  return found as readonly Record<string, unknown>[];
}
