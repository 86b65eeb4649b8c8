import type { TenantRecord } from "@af-tenancy/core";
import type { MikroOrmDatabases } from "@af-tenancy/database";
import { describe, expect, it } from "vitest";
import { Author, Note } from "./entities.ts";
import { startFleet, startSite } from "./fleet.ts";
import { admin, missing } from "./server.ts";

describe.skipIf(missing)("tenants on one server", () => {
  it.each([
    ["connections enough for each", 4],
    ["one connection for all", 1],
  ])(
    "C020: keeps rows with the same key apart while two tenants overlap, with %s",
    async (_, maxConnections) => {
      const { db, tenancy, acme, globex } = await startFleet({ maxConnections });
      const steps: string[] = [];
      const begun = Promise.withResolvers<void>();
      const now = Promise.resolve();

      function work(tenant: TenantRecord, waits: readonly Promise<unknown>[]): Promise<string> {
        return tenancy.run(tenant, async () => {
          for (const [index, wait] of waits.entries()) {
            await wait;
            db.em().create(Note, { id: index + 1, text: `CANARY_${tenant.slug}_${index}` });
            await db.em().flush();
            if (tenant === globex) begun.resolve();
          }
          const notes = await db
            .em()
            .fork()
            .find(Note, {}, { orderBy: { id: 1 } });
          steps.push(tenant.slug);
          return notes.map(({ text }) => text).join();
        });
      }
      const first = work(acme, [now, begun.promise]);
      const second = work(globex, [now, now, first]);
      const [ofAcme, ofGlobex] = await Promise.all([first, second]);

      expect(steps).toEqual(["acme", "globex"]);
      expect(ofAcme).toBe("CANARY_acme_0,CANARY_acme_1");
      expect(ofGlobex).toBe("CANARY_globex_0,CANARY_globex_1,CANARY_globex_2");
    },
  );

  it("C020: scopes whatever sends SQL: finds, the query builder, raw SQL, Kysely, streams and transactions", async () => {
    const { db, tenancy, acme, globex } = await startFleet({ maxConnections: 1 });
    await Promise.all([write(acme), write(globex)]);

    async function write(tenant: TenantRecord): Promise<void> {
      await tenancy.run(tenant, () => db.em().insert(Note, { id: 1, text: tenant.slug }));
    }
    async function readEverywhere(): Promise<readonly unknown[]> {
      const em = db.em();
      const streamed: string[] = [];
      for await (const { text } of em.stream(Note)) streamed.push(text);
      const [raw] = await em.execute<{ text: string }[]>("select text from note");
      const [kysely] = await em
        .getKysely<{ note: { text: string } }>()
        .selectFrom("note")
        .selectAll()
        .execute();
      return [
        (await em.findOneOrFail(Note, 1)).text,
        (await em.createQueryBuilder(Note, "n").select("*").getSingleResult())?.text,
        raw?.text,
        kysely?.text,
        ...streamed,
        await em.transactional(async (inner) => (await inner.findOneOrFail(Note, 1)).text),
      ];
    }
    const rounds = Array.from({ length: 6 }, (_, round) => (round % 2 === 0 ? acme : globex));
    const read = await Promise.all(rounds.map((tenant) => tenancy.run(tenant, readEverywhere)));

    for (const [round, { slug }] of rounds.entries())
      expect(read[round]).toEqual(Array(6).fill(slug));
  });

  it("F081: a tenant that leaves its database by raw SQL or a procedure leads nobody there", async () => {
    const { db, tenancy, acme, globex } = await startFleet({ maxConnections: 1 });
    for (const tenant of [acme, globex]) {
      await tenancy.run(tenant, () => db.em().insert(Note, { id: 1, text: tenant.slug }));
    }
    await admin(
      `create procedure \`${acme.placement.name}\`.depart()
       execute immediate 'use \`${globex.placement.name}\`'`,
    );
    const read = (tenant: TenantRecord) =>
      tenancy.run(tenant, async () => (await db.em().findOneOrFail(Note, 1)).text);

    for (const hostile of [`use \`${globex.placement.name}\``, "call depart()"]) {
      await tenancy.run(acme, () => db.em().execute(hostile));
      expect(await read(acme)).toBe("acme");
      await tenancy.run(acme, () => db.em().transactional((em) => em.execute(hostile)));
      expect(await read(globex)).toBe("globex");
      expect(await read(acme)).toBe("acme");
    }
  });

  it("ends no transaction by a comment that the server runs", async () => {
    const { db, tenancy, acme, globex } = await startFleet({ maxConnections: 2 });
    const insert = (tenant: TenantRecord, sql: string) =>
      tenancy.run(tenant, () =>
        db.em().transactional(async (em) => {
          await em.insert(Note, { id: 1, text: tenant.slug });
          await em.execute(sql);
        }),
      );

    for (const sql of ["/*!50000 begin */", "/*M!100100 commit */", "/* a *//*! rollback; */"]) {
      for (const attempt of await Promise.allSettled([insert(acme, sql), insert(globex, sql)])) {
        expect(attempt, sql).toMatchObject({ reason: { code: "INVALID_INPUT" } });
      }
    }

    for (const tenant of [acme, globex]) {
      expect(await tenancy.run(tenant, () => db.em().count(Note, {}))).toBe(0);
    }
  });

  it("C024: opens no other tenant's database, whatever a placement says", async () => {
    const { db, tenancy, acme, globex } = await startFleet();
    const stranger = { ...acme, placement: { ...acme.placement, name: globex.placement.name } };

    await expect(tenancy.run(stranger, () => db.em().find(Note, {}))).rejects.toMatchObject({
      code: "DATABASE_MISMATCH",
    });
  });

  it("C023: opens no database that bears no marker, such as the application's own", async () => {
    const { db, tenancy, acme } = await startFleet();
    const central = { ...acme, placement: { ...acme.placement, name: "mysql" } };

    await expect(tenancy.run(central, () => db.em().find(Note, {}))).rejects.toMatchObject({
      code: "DATABASE_MISMATCH",
    });
  });

  it("says that a database is not there, and makes none", async () => {
    const { db, tenancy, acme, globex, place } = await startFleet({ maxConnections: 1 });
    const absent = place("absent");

    await expect(tenancy.run(absent, () => db.em().find(Note, {}))).rejects.toMatchObject({
      code: "DATABASE_NOT_READY",
    });

    for (const tenant of [acme, globex]) {
      expect(await tenancy.run(tenant, () => db.em().find(Note, {}))).toEqual([]);
    }
  });

  it("S014: keeps JSON, text of every script and absent values as they were", async () => {
    const { db, tenancy, acme } = await startFleet();
    const tags = { κλειδί: [1, "two", null, { three: "\u{1F389}" }] };

    await tenancy.run(acme, () =>
      db.em().insert(Note, { id: 1, text: "\u{1F98A} ''\\\" naïve", tags }),
    );

    const note = await tenancy.run(acme, () => db.em().findOneOrFail(Note, 1));
    expect([note.text, note.tags, note.author]).toEqual(["\u{1F98A} ''\\\" naïve", tags, null]);
  });

  it("S022: tells the server that it sends no file, however it is asked", async () => {
    const { db, tenancy, acme } = await startFleet();
    const asked = "load data local infile '/etc/hostname' into table note (text)";

    await expect(tenancy.run(acme, () => db.em().execute(asked))).rejects.toThrow(
      /not allowed|disabled/,
    );
  });

  it("verifies a database, and migrates one again without a change", async () => {
    const { db, acme } = await startFleet();

    await db.migrate(acme);
    await db.verify(acme);

    await admin("drop table note", acme.placement.name);
    await expect(db.verify(acme)).rejects.toMatchObject({ code: "SCHEMA_OUTDATED" });
  });

  it("C021: leaves no connection behind", async () => {
    const { db, tenancy, acme } = await startFleet();
    await tenancy.run(acme, () => db.em().find(Note, {}));

    await tenancy.close();

    expect(await connectionsTo(acme.placement.name)).toBe(0);
  });

  it("refuses a flavour that the server is not, before it makes or asks for anything", async () => {
    const { place, ...site } = await startSite();
    const { db } = await startSite({ flavour: "mysql" });
    const [made, wanted] = [place("made"), place("wanted")];
    const create = (to: MikroOrmDatabases, { id: tenantId, placement }: typeof made) =>
      to.manager(placement).create({ tenantId, placement });
    await create(site.db, made);
    const refused = { code: "INVALID_CONFIGURATION" };

    await expect(create(db, wanted)).rejects.toMatchObject(refused);
    await expect(db.migrate(made)).rejects.toMatchObject(refused);

    const { id: tenantId, placement } = wanted;
    expect(await db.manager(placement).inspect({ tenantId, placement })).toBeUndefined();
    expect(db.stats().map(({ exhausted }) => exhausted)).toEqual([0]);
  });

  it("F083: serves again at once after every connection was cut", async () => {
    const { db, tenancy, acme, globex } = await startFleet();
    const tenants = [acme, globex];
    const find = (tenant: TenantRecord) => tenancy.run(tenant, () => db.em().find(Author, {}));
    await Promise.all(tenants.map(find));

    for (const { id } of await admin<{ id: number }>(
      `select id from information_schema.processlist
       where db in ('${acme.placement.name}', '${globex.placement.name}')`,
    )) {
      await admin(`kill ${id}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));

    expect(await Promise.all(tenants.map(find))).toEqual([[], []]);
  });
});

async function connectionsTo(database: string): Promise<number> {
  const [row] = await admin<{ open: number }>(
    `select count(*) as open from information_schema.processlist where db = '${database}'`,
  );
  return Number(row?.open);
}
