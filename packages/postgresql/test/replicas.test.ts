import { ReadOnlyManagerError } from "@af-tenancy/database";
import { defineEntity, p } from "@mikro-orm/postgresql";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startPooler } from "./doctor-pooler.ts";
import { sharedFleet } from "./fleet.ts";
import { asAdminOf } from "./own-replica.ts";
import { canStartServer } from "./own-server.ts";
import { hasPgBouncer } from "./pgbouncer.ts";
import {
  placeOf,
  type ReplicatedServer,
  startReplicatedFleet,
  startReplicatedServer,
} from "./replicated-fleet.ts";

const why = canStartServer ? "" : " (skipped: PostgreSQL's programs are not installed)";

describe.skipIf(!canStartServer)(`read replicas${why}`, { timeout: 60_000 }, () => {
  let servers: ReplicatedServer;
  beforeAll(async () => {
    servers = await startReplicatedServer();
  }, 60_000);
  afterAll(() => servers.stop());

  const start = (options?: Parameters<typeof startReplicatedFleet>[1]) =>
    startReplicatedFleet(servers, options);
  const standbys = () => [servers.near.port, servers.far.port];

  describe.each([
    ["a database each", { strategy: "database" }],
    ["a schema each", { strategy: "schema" }],
    ["a database and a user each", { strategy: "database", users: true }],
    ["a schema and a user each", { strategy: "schema", users: true }],
    ["rows of shared tables", { strategies: ["row"] }],
  ] as const)("tenants with %s", (_, options) => {
    const fleetOf = sharedFleet((over) => startReplicatedFleet(servers, options, over));

    it("S023, C020: read their own rows there with equal keys, interleaved", async () => {
      const { db, tenancy, acme, globex, Note } = fleetOf();
      const [begun, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const texts = (found: readonly { readonly text: string }[]) => found.map(({ text }) => text);

      const first = tenancy.run(acme, () =>
        db.readOnly().transactional(async (em) => {
          const place = await placeOf(em);
          await begun.promise;
          return { place, notes: texts(await em.findAll(Note)) };
        }),
      );
      const second = tenancy.run(globex, () =>
        db.readOnly().transactional(async (em) => {
          const before = texts(await em.findAll(Note));
          begun.resolve();
          await over.promise;
          const sql = "select text from note where id = ?";
          return [...before, ...texts(await em.execute<{ text: string }[]>(sql, [1]))];
        }),
      );

      const { place, notes } = await first;
      expect(notes).toEqual(["acme"]);
      expect(place?.readOnly).toBe(true);
      expect(standbys()).toContain(place?.port);
      over.resolve();
      expect(await second).toEqual(["globex", "globex"]);
      for (const tenant of [acme, globex]) {
        await tenancy.run(tenant, async () => {
          const streamed: string[] = [];
          for await (const { text } of db.readOnly().stream(Note)) streamed.push(text);
          expect(streamed).toEqual([tenant.slug]);
          const kysely = db.readOnly().getKysely<{ note: { text: string } }>();
          const rows = await kysely.selectFrom("note").select("text").execute();
          expect(texts(rows)).toEqual([tenant.slug]);
        });
      }
    });

    it("S023: write nothing through a reader", async () => {
      const { db, tenancy, acme, globex, Note } = fleetOf();

      await tenancy.run(acme, async () => {
        const em = db.readOnly();
        for (const write of [
          () => em.insert(Note, { id: 2, text: "written" }),
          () => em.execute("update note set text = 'written'"),
          () => em.execute("with gone as (delete from note returning id) select * from gone"),
          () => em.fork().createQueryBuilder(Note).delete().execute(),
          () => em.transactional((inner) => inner.execute("delete from note")),
        ]) {
          await expect(write()).rejects.toThrow(ReadOnlyManagerError);
        }
      });

      for (const tenant of [acme, globex]) {
        const notes = await tenancy.run(tenant, () => db.em().findAll(Note));
        expect(notes).toMatchObject([{ id: 1, text: tenant.slug }]);
      }
    });
  });

  it("S023: a transaction on the primary reads what it wrote, and from a replica only when asked", async () => {
    const { db, tenancy, acme, Note } = await start({ strategy: "schema" });
    const { port } = servers.primary;

    await tenancy.run(acme, () =>
      db.em().transactional(async (em) => {
        await em.insert(Note, { id: 2, text: "mine" });
        expect(await db.em().count(Note, {}, { connectionType: "read" })).toBe(2);
        expect(await placeOf(em)).toEqual({ port, readOnly: false });
        expect(await placeOf(em.fork())).toEqual({ port, readOnly: false });
        expect(await em.fork().count(Note, {}, { connectionType: "read" })).toBe(1);
        expect(await placeOf(db.readOnly({ from: "primary" }))).toEqual({ port, readOnly: true });
        expect(standbys()).toContain((await placeOf(db.readOnly()))?.port);
        expect(await db.readOnly().count(Note)).toBe(1);
      }),
    );
  });

  it("S023: one is chosen by its name, and every reader keeps to its choice", async () => {
    const { db, tenancy, acme } = await start({ strategy: "schema" });
    const [near, far] = standbys();

    await tenancy.run(acme, async () => {
      const named = (replica: string) => db.readOnly({ from: { replica } });
      const inTransaction = await named("far").transactional((em) => placeOf(em));

      expect(await placeOf(named("near"))).toEqual({ port: near, readOnly: true });
      expect(await placeOf(named("near").fork())).toEqual({ port: near, readOnly: true });
      expect(inTransaction).toEqual({ port: far, readOnly: true });
      expect(named("near")).toBe(named("near"));
      expect(named("near")).not.toBe(named("far"));
      expect(db.readOnly()).toBe(db.readOnly({ from: "any" }));
      expect(() => named("other")).toThrow(/"far", "near"/);
    });
  });

  it("S023: are read from only when asked, where the options say so", async () => {
    const { db, tenancy, acme } = await start({ strategy: "schema", readOnlyFrom: "primary" });

    await tenancy.run(acme, async () => {
      expect((await placeOf(db.readOnly()))?.port).toBe(servers.primary.port);
      expect(standbys()).toContain((await placeOf(db.readOnly({ from: "replicas" })))?.port);
    });
  });

  it("S023: a server without any is read itself, and refuses to be asked for one", async () => {
    const { db, tenancy, acme } = await start({ strategy: "schema", replicas: [] });

    await tenancy.run(acme, async () => {
      expect((await placeOf(db.readOnly()))?.port).toBe(servers.primary.port);
      const refusal = expect.objectContaining({ code: "INVALID_CONFIGURATION" });
      expect(() => db.readOnly({ from: "replicas" })).toThrow(refusal);
      expect(() => db.readOnly({ from: { replica: "near" } })).toThrow(refusal);
    });
  });

  it("S023: serve tenants beside a central database, which is read where it is", async () => {
    const Plan = defineEntity({ name: "Plan", properties: { id: p.integer().primary() } });
    const central = { database: "postgres", entities: [Plan] };
    const { db, tenancy, acme } = await start({ strategy: "schema", central });

    await tenancy.run(acme, async () => {
      expect(standbys()).toContain((await placeOf(db.readOnly()))?.port);
      expect((await placeOf(db.central()))?.port).toBe(servers.primary.port);
    });
  });

  it.skipIf(!hasPgBouncer)(
    "S023: may stand behind a pooler that hands out sessions by transaction",
    async () => {
      const { primary, near } = servers;
      const alter = (what: string) => asAdminOf(primary, `alter role "${primary.user}" ${what}`);
      await alter("set search_path = ''");
      onTestFinished(async () => void (await alter("reset search_path")));
      await servers.caughtUp();
      const port = await startPooler("transaction", "", { ...primary, port: near.port });
      const replicas = [{ name: "pooled", port, pooler: true }];
      const { db, tenancy, acme, globex, Note } = await start({ strategy: "schema", replicas });

      const read = (tenant: typeof acme) =>
        tenancy.run(tenant, async () => {
          const em = db.readOnly({ from: "replicas" });
          const [note] = await em.transactional((inner) => inner.findAll(Note));
          return [(await placeOf(em))?.port, note?.text];
        });
      const answers = await Promise.all([acme, globex, acme, globex].map(read));

      expect(answers).toEqual(
        ["acme", "globex", "acme", "globex"].map((text) => [near.port, text]),
      );
    },
  );

  it("S023: each has a budget of its own, which stats() tell", async () => {
    const replicas = [{ port: servers.near.port, maxConnections: 2 }];
    const { db, tenancy, acme, globex } = await start({ strategy: "schema", replicas });

    await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        tenancy.run(number % 2 ? acme : globex, () =>
          db.readOnly().execute("select pg_sleep(0.01)"),
        ),
      ),
    );

    const [primary, replica, ...others] = db.stats();
    expect(others).toEqual([]);
    expect(primary).toMatchObject({ server: "default", limit: 10 });
    expect(replica).toMatchObject({ server: "default/replica1", limit: 2, exhausted: 0 });
    expect(replica?.open).toBeLessThanOrEqual(2);
    expect(replica?.tenants.map(({ tenantId }) => tenantId)).toContain(acme.id);
  });

  it("S023: results cached for readers of a replica are not those of the primary's", async () => {
    const { db, tenancy, acme, Note } = await start({ strategy: "schema" });
    const cache: [string, number] = ["notes", 60_000];

    await tenancy.run(acme, async () => {
      expect(await db.readOnly().count(Note, {}, { cache })).toBe(1);
      await db.em().insert(Note, { id: 2, text: "two" });
      await servers.caughtUp();

      expect(await db.em().count(Note, {}, { cache })).toBe(2);
      expect(await db.readOnly().count(Note, {}, { cache })).toBe(1);
      await db.em().clearCache("notes");
      expect(await db.readOnly().count(Note, {}, { cache })).toBe(2);
    });
  });
});
