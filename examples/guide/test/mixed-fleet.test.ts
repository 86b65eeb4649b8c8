import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createKeyRing,
  createTenancy,
  memoryRegistry,
  type Placement,
  TenantMismatchError,
  type TenantRecord,
} from "@af-tenancy/core";
import {
  ConnectionHeldError,
  DatabaseMismatchError,
  ReadOnlyManagerError,
  TenantReadOnlyError,
  tenantDatabases,
} from "@af-tenancy/database";
import { mysql } from "@af-tenancy/mysql";
import { postgresql } from "@af-tenancy/postgresql";
import { sqlite } from "@af-tenancy/sqlite";
import { tenantRecord } from "@af-tenancy/testing";
import { defineEntity, p, type SqlEntityManager } from "@mikro-orm/sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fleetEntities } from "../src/fleet-entities.ts";
import { mysqlServer, postgresqlServer, serversAreMissing } from "./fleet-servers.ts";

const missing = (await serversAreMissing()) ? " (skipped: a database server does not answer)" : "";

describe.skipIf(missing !== "")(`a fleet on all drivers${missing}`, () => {
  let fleet: Awaited<ReturnType<typeof startMixed>>;
  beforeAll(async () => {
    fleet = await startMixed();
  }, 60_000);
  afterAll(() => fleet.stop(), 60_000);

  it("C020: C027: S121: keeps rows with the same keys apart while all tenants write at once", async () => {
    const { db, tenancy, tenants } = fleet;
    const write = (tenant: TenantRecord) =>
      tenancy.run(tenant, () =>
        db.em().transactional(async (em) => {
          await em.insert(db.entities().Author, { id: 1, name: tenant.slug });
          await em.insert(db.entities().Note, { id: 1, text: tenant.slug, author: 1 });
        }),
      );
    await Promise.all(tenants.map(write));

    const seen = await Promise.all(
      tenants.map((tenant) => tenancy.run(tenant, () => everyWay(db.em(), db.entities()))),
    );

    const expected = tenants.map(({ slug }) => [[slug], [slug], [slug], [slug]]);
    expect(seen).toEqual(expected);
  });

  it("F014: crosses no border in nests of transactions on all drivers", async () => {
    const { db, tenancy, tenants } = fleet;
    const crossings: string[] = [];
    const look = async (tenant: TenantRecord) => {
      const seen = (await everyWay(db.em(), db.entities())).flat();
      for (const text of seen) if (text !== tenant.slug) crossings.push(`${tenant.slug}: ${text}`);
    };
    const nest = async ([tenant, ...inner]: readonly TenantRecord[]): Promise<void> => {
      if (tenant === undefined) return;
      await tenancy.run(tenant, () =>
        db.em().transactional(async (em) => {
          expect(db.em()).toBe(em);
          await nest(inner);
          await look(tenant);
        }),
      );
    };
    const pairs = tenants.flatMap((one) =>
      tenants.flatMap((two) => (one === two ? [] : [[one, two]])),
    );
    for (let at = 0; at < pairs.length; at += 3)
      await Promise.all(pairs.slice(at, at + 3).map(nest));

    expect(pairs.length).toBeGreaterThan(40);
    expect(crossings).toEqual([]);
  });

  it("F015: takes an entity of no other tenant, of whatever driver", async () => {
    const { db, tenancy, tenants } = fleet;
    for (const [index, tenant] of tenants.entries()) {
      const other = tenants[(index + 1) % tenants.length] ?? tenant;
      const foreign = await tenancy.run(other, () => db.em().findOneOrFail(db.entities().Note, 1));
      const used = tenancy.run(tenant, async () => {
        foreign.text = "stolen";
        await db.em().persist(foreign).flush();
      });
      await expect(used).rejects.toThrow(TenantMismatchError);
    }
  });

  it("F014: answers at once for a second connection inside a transaction, or gives one", async () => {
    const { db, tenancy, tenants } = fleet;
    for (const tenant of tenants) {
      const second = tenancy.run(tenant, () =>
        db.em().transactional(() => db.em().fork().count(db.entities().Note)),
      );
      if (tenant.placement?.driver === "sqlite") {
        await expect(second).rejects.toThrow(ConnectionHeldError);
      } else expect(await second).toBe(1);
    }
  });

  it("F092: F100: shares neither identity maps nor cached results", async () => {
    const { db, tenancy, tenants } = fleet;
    const read = (tenant: TenantRecord) =>
      tenancy.run(tenant, async () => {
        const notes = await db.em().findAll(db.entities().Note, { cache: ["notes", 60_000] });
        return notes.map(({ text }) => text);
      });

    for (const tenant of [...tenants, ...tenants])
      expect(await read(tenant)).toEqual([tenant.slug]);
    const [tenant] = tenants;
    if (tenant === undefined) return expect.unreachable();
    const once = () => tenancy.run(tenant, () => db.em().findOneOrFail(db.entities().Note, 1));
    expect(await once()).not.toBe(await once());
  });

  it.each<[string, (em: SqlEntityManager, Note: Entities["Note"]) => Promise<unknown>]>([
    ["flush", (em, Note) => em.persist(em.create(Note, { id: 2, text: "two" })).flush()],
    ["insert", (em, Note) => em.insert(Note, { id: 2, text: "two" })],
    ["the query builder", (em, Note) => em.createQueryBuilder(Note).delete().execute()],
    ["raw SQL", (em) => em.execute("delete from note")],
    ["raw DDL", (em) => em.execute("create table leftover (id int)")],
    ["a commit slipped in", (em) => em.execute("commit; delete from note")],
    ["Kysely", (em) => em.getKysely<Tables>().deleteFrom("note").execute()],
    [
      "a Kysely transaction",
      (em) =>
        em
          .getKysely<Tables>()
          .transaction()
          .execute((trx) => trx.deleteFrom("note").execute()),
    ],
  ])(
    "a reader and a read-only tenant refuse to write with %s, on every driver",
    async (how, write) => {
      const { db, tenancy, tenants } = fleet;
      for (const tenant of tenants) {
        const reader = await outcome(() =>
          tenancy.run(tenant, () => write(db.readOnly(), db.entities().Note)),
        );
        const restricted = await outcome(() =>
          tenancy.run({ ...tenant, access: "read-only" }, () => write(db.em(), db.entities().Note)),
        );

        // SQLite itself refuses two statements in one, and this way to begin.
        const refusesItself = tenant.placement?.driver === "sqlite" && / slipped in$/.test(how);
        expect(reader).toBeInstanceOf(refusesItself ? Error : ReadOnlyManagerError);
        expect(restricted).toBeInstanceOf(refusesItself ? Error : TenantReadOnlyError);
        const left = await tenancy.run(tenant, () => everyWay(db.em(), db.entities()));
        expect(left.flat()).toEqual(Array.from({ length: 4 }, () => tenant.slug));
      }
    },
  );

  it.each(["begin", "start transaction read write", "commit", "rollback"])(
    "refuses %s as a statement of its own, in a transaction and outside, and runs nothing",
    async (control) => {
      const { db, tenancy, tenants } = fleet;
      for (const tenant of tenants) {
        const { Note } = await tenancy.run(tenant, () => db.entities());
        const refused = {
          code: "INVALID_INPUT",
          message: expect.stringContaining("em.transactional()"),
        };

        const alone = tenancy.run(tenant, () => db.em().execute(control));
        await expect(alone).rejects.toMatchObject(refused);
        const inside = tenancy.run(tenant, () =>
          db.em().transactional(async (em) => {
            await em.nativeDelete(Note, {});
            await em.execute(control);
          }),
        );
        await expect(inside).rejects.toMatchObject(refused);

        const left = await tenancy.run(tenant, () => db.em().count(Note, {}));
        expect(left).toBeGreaterThan(0);
      }
    },
  );

  it("reads with a reader in every way, and in its transactions", async () => {
    const { db, tenancy, tenants } = fleet;
    for (const tenant of tenants) {
      const seen = await tenancy.run(tenant, async () => {
        const em = db.readOnly();
        return [
          ...(await everyWay(em, db.entities())),
          ...(await em.transactional((inner) => everyWay(inner, db.entities()))),
        ];
      });
      expect(seen).toEqual(Array.from({ length: 8 }, () => [tenant.slug]));
    }
  });

  it("C023: C024: opens no database of another tenant, nor one of nobody, on any driver", async () => {
    const { db, tenancy, tenants } = fleet;
    for (const tenant of tenants) {
      const neighbour = tenants.find(
        ({ id, placement }) =>
          id !== tenant.id &&
          placement?.driver === tenant.placement?.driver &&
          placement?.strategy === tenant.placement?.strategy,
      );
      const placement = neighbour?.placement as Placement;
      const misplaced = tenancy.run({ ...tenant, placement }, async () =>
        db.em().execute("select 1"),
      );
      await expect(misplaced).rejects.toThrow(DatabaseMismatchError);
    }
    expect((await db.central().execute<{ one: number }[]>("select 1 as one"))[0]?.one).toBe(1);
  });

  it("C022: is where it was after work in other tenants, in one and in none", async () => {
    const { db, tenancy, tenants } = fleet;
    const [first] = tenants;
    if (first === undefined) return expect.unreachable();

    await tenancy.run(first, async () => {
      const before = db.em();
      await tenancy.runForEach(tenants, async () => {
        await db.em().count(db.entities().Note);
      });
      expect(db.em()).toBe(before);
      expect(await everyWay(db.em(), db.entities())).toEqual(
        Array.from({ length: 4 }, () => [first.slug]),
      );
    });
    expect(() => db.em()).toThrow("needs a tenant");
  });
});

type Entities = ReturnType<typeof fleetEntities>;

interface Tables {
  readonly note: { readonly id: number; readonly text: string };
}

/** What a call throws, or that it threw nothing. */
async function outcome(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
    return "nothing was refused";
  } catch (error) {
    return error;
  }
}

/** The texts of all notes, by the ORM, its query builder, raw SQL and Kysely. */
async function everyWay(em: SqlEntityManager, { Note }: Entities): Promise<string[][]> {
  const found = [
    await em.findAll(Note, { refresh: true }),
    await em.createQueryBuilder(Note).select("*").getResultList(),
    await em.execute<{ text: string }[]>("select text from note"),
    await em.getKysely<Tables>().selectFrom("note").select("text").execute(),
  ];
  return found.map((rows) => rows.map(({ text }) => text));
}

async function startMixed() {
  const folder = mkdtempSync(join(tmpdir(), "mixed-fleet-"));
  const Plan = defineEntity({ name: "Plan", properties: { id: p.integer().primary() } });
  const entities = fleetEntities;
  const servers = { postgresql: postgresqlServer, mysql: mysqlServer };
  // #region fleet
  const db = tenantDatabases([
    sqlite({ folder, entities, central: { file: `${folder}/app.sqlite`, entities: [Plan] } }),
    postgresql({ connection: servers.postgresql, entities }),
    mysql({ connection: servers.mysql, flavour: "mariadb", entities }),
  ]);
  // #endregion
  const registry = memoryRegistry();
  const keys = createKeyRing({ current: randomBytes(32) });
  const tenancy = createTenancy<TenantRecord>({ registry, databases: db, keys });
  await tenancy.start();

  const wishes: readonly Partial<Placement>[] = [
    { driver: "sqlite" },
    { driver: "postgresql", strategy: "database" },
    { driver: "postgresql", strategy: "schema" },
    { driver: "mysql" },
  ];
  const tenants: TenantRecord[] = [];
  for (const [index, wish] of [...wishes, ...wishes].entries()) {
    const id = `mixed_${randomBytes(6).toString("hex")}`;
    const placement = db.place(id, 1, wish);
    const tenant = { ...tenantRecord({ id, slug: `tenant-${index}` }), placement };
    await db.manager(placement).create({ tenantId: id, placement });
    await db.migrate(tenant);
    await registry.transaction((transaction) => transaction.tenants.insert(tenant, []));
    tenants.push(tenant);
  }
  async function stop() {
    for (const { id: tenantId, placement } of tenants) {
      if (placement) await db.manager(placement).drop({ tenantId, placement });
    }
    await tenancy.close();
    rmSync(folder, { recursive: true });
  }
  return { db, tenancy, tenants, stop };
}
