import { randomBytes } from "node:crypto";
import { join } from "node:path";
import {
  ConfigurationError,
  createTenancy,
  memoryRegistry,
  type Placement,
  type TenantRecord,
} from "@af-tenancy/core";
import { tenantDatabases, UnscopedSqlError } from "@af-tenancy/database";
import { mysql } from "@af-tenancy/mysql";
import { postgresql } from "@af-tenancy/postgresql";
import { sqlite } from "@af-tenancy/sqlite";
import { tenantRecord } from "@af-tenancy/testing";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fleetEntities as entities } from "../src/fleet-entities.ts";
import { mysqlServer, postgresqlServer, serversAreMissing } from "./fleet-servers.ts";
import { server } from "./postgresql-server.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const missing = await serversAreMissing();

describe.skipIf(missing)(
  "rows beside databases and schemas in one fleet",
  { timeout: 60_000 },
  () => {
    let started: Awaited<ReturnType<typeof startMixed>>;
    beforeAll(async () => {
      started = await startMixed();
    }, 60_000);
    afterAll(() => started?.close(), 60_000);

    /** The fleet of all of these tests, with nothing of earlier ones in it. */
    async function emptied() {
      const { db, tenancy, tenants } = started;
      for (const tenant of tenants) {
        await tenancy.run(tenant, async () => {
          const { Author, Note } = db.entities();
          await db.em().nativeDelete(Note, {});
          await db.em().nativeDelete(Author, {});
        });
      }
      return started;
    }

    it("C020 C027 C130: keeps equal keys apart whatever keeps the tenants apart, and whoever is done first", async () => {
      const { db, tenancy, tenants } = await emptied();
      const steps: string[] = [];
      const work = async (tenant: TenantRecord, at: number) =>
        tenancy.run(tenant, async () => {
          const { Author, Note } = db.entities();
          for (let id = 1; id <= 2 + (at % 3); id++) {
            await db.em().transactional(async (em) => {
              em.create(Note, {
                id,
                text: tenant.slug,
                author: em.create(Author, { id, name: "same" }),
              });
            });
            steps.push(tenant.slug);
            await new Promise((resolve) => setTimeout(resolve, at));
          }
          const em = db.em().fork();
          const streamed: string[] = [];
          for await (const { text } of em.stream(Note)) streamed.push(text);
          const found = await em.find(Note, { author: { name: "same" } }, { populate: ["author"] });
          const built = await em.createQueryBuilder(Note).select("*").getResultList();
          return [streamed, found.map(({ text }) => text), built.map(({ text }) => text)];
        });

      const seen = await Promise.all(tenants.map(work));

      expect(steps.slice(0, tenants.length).sort()).not.toEqual(
        steps.slice(-tenants.length).sort(),
      );
      for (const [at, { slug }] of tenants.entries()) {
        const own = Array.from({ length: 2 + (at % 3) }, () => slug);
        expect(seen[at], slug).toEqual([own, own, own]);
      }
    });

    it("C130 F014: sends raw SQL wherever something keeps it to the tenant, in nests of tenants too", async () => {
      const { db, tenancy, tenants } = await emptied();
      for (const tenant of tenants) {
        await tenancy.run(tenant, () =>
          db.em().insert(db.entities().Note, { id: 1, text: tenant.slug }),
        );
      }
      const raw = () => db.em().execute<{ text: string }[]>("select text from note");
      const look = async ({ placement, slug }: TenantRecord) => {
        const refused = placement?.strategy === "row" && placement.driver !== "postgresql";
        if (refused) await expect(raw()).rejects.toThrow(UnscopedSqlError);
        else expect(await raw(), slug).toEqual([{ text: slug }]);
      };

      for (const [at, outer] of tenants.entries()) {
        const inner = tenants[(at + 1) % tenants.length] as TenantRecord;
        await tenancy.run(outer, () =>
          db.em().transactional(async () => {
            await tenancy.run(inner, () => db.em().transactional(() => look(inner)));
            await look(outer);
          }),
        );
      }
    });

    it("C126: has the tenant column in every database, so that a tenant's rows may become another's strategy", async () => {
      const { db, tenancy, tenants } = await emptied();

      for (const tenant of tenants) {
        const rows = await tenancy.run(tenant, async () => {
          await db.em().insert(db.entities().Note, { id: 1, text: "kept" });
          return db.unscoped("promotion", (em) =>
            em.execute("select tenant_id, id, text from note where tenant_id = ?", [tenant.id]),
          );
        });
        expect(rows).toEqual([{ tenant_id: tenant.id, id: 1, text: "kept" }]);
      }
    });
  },
);

describe("a fleet of several drivers", () => {
  const make = (row: boolean, tenantColumn?: string, global?: "Author") => {
    const made = entities("");
    return {
      entities: () => made,
      strategies: row ? (["database", "row"] as const) : (["database"] as const),
      ...(tenantColumn !== undefined && { tenantColumn }),
      ...(global !== undefined && { global: [made[global]] }),
    };
  };
  const lite = (...options: Parameters<typeof make>) =>
    sqlite({ folder: "data", ...make(...options) });
  const my = (...options: Parameters<typeof make>) =>
    mysql({ connection: { host: "db" }, ...make(...options) });

  it.each([
    ["row in the first only", () => [lite(true), my(false)], "databases[1].strategies"],
    ["row in the second only", () => [lite(false), my(true)], "databases[1].strategies"],
    ["two names for the column", () => [lite(true), my(true, "org")], "databases[1].tenantColumn"],
    [
      "an entity that is global in the first only",
      () => [lite(true, "org", "Author"), my(true, "org")],
      "databases[1].global",
    ],
    [
      "an entity that is global in the second only",
      () => [lite(true, "org"), my(true, "org", "Author")],
      "databases[1].global",
    ],
  ] as const)("S121: refuses %s", (_, made, key) => {
    expect(() => tenantDatabases(made())).toThrow(ConfigurationError);
    expect(() => tenantDatabases(made())).toThrow(`"${key}"`);
  });

  it("S121: takes drivers that agree", () => {
    expect(() => tenantDatabases([lite(true, "org"), my(true, "org")])).not.toThrow();
    const global = ["org", "Author"] as const;
    expect(() => tenantDatabases([lite(true, ...global), my(true, ...global)])).not.toThrow();
    expect(() => tenantDatabases([lite(false), my(false)])).not.toThrow();
  });
});

async function startMixed() {
  let remove = async () => {};
  const made = await temporaryFolder((removing) => {
    remove = removing;
  });
  const folder = join(made, "tenants");
  const name = `mixed_${randomBytes(5).toString("hex")}`;
  const pg = { connection: postgresqlServer, sharedSchema: name, sharedRole: name };
  const my = { connection: mysqlServer, flavour: "mariadb", sharedDatabase: name } as const;
  // #region fleet
  const db = tenantDatabases([
    sqlite({ folder, entities, strategies: ["database", "row"] }),
    postgresql({ ...pg, entities, strategies: ["database", "schema", "row"] }),
    mysql({ ...my, entities, strategies: ["database", "row"] }),
  ]);
  // #endregion
  const registry = memoryRegistry();
  const tenancy = createTenancy<TenantRecord>({ registry, databases: db });
  await tenancy.start();
  const tenants: TenantRecord[] = [];
  async function close() {
    const shared = tenants.find(
      ({ placement }) => placement?.driver === "mysql" && placement.strategy === "row",
    );
    for (const { id: tenantId, placement } of tenants) {
      if (placement && placement !== shared?.placement)
        await db.manager(placement).drop({ tenantId, placement });
    }
    if (shared !== undefined) {
      const drop = `drop database ${name}`;
      const cleaned = tenancy.run(shared, () =>
        db.unscoped("cleaning up", (em) => em.execute(drop)),
      );
      await cleaned.catch(() => undefined); // the session cannot begin anew where it was
    }
    await tenancy.close();
    await asAdmin(`drop schema "${name}" cascade; drop owned by "${name}"; drop role "${name}"`);
    await remove();
  }
  const wishes: readonly Partial<Placement>[] = [
    { driver: "sqlite", strategy: "row" },
    { driver: "postgresql", strategy: "row" },
    { driver: "mysql", strategy: "row" },
    { driver: "sqlite", strategy: "database" },
    { driver: "postgresql", strategy: "database" },
    { driver: "postgresql", strategy: "schema" },
    { driver: "mysql", strategy: "database" },
  ];
  for (const [index, wish] of [...wishes, ...wishes].entries()) {
    const id = `${name}_${index}`;
    const placement = db.place(id, 1, wish);
    const tenant = { ...tenantRecord({ id, slug: `tenant-${index}` }), placement };
    await db.manager(placement).create({ tenantId: id, placement });
    tenants.push(tenant);
    await db.migrate(tenant);
    await registry.transaction((transaction) => transaction.tenants.insert(tenant, []));
  }
  return { db, tenancy, tenants, close };
}

async function asAdmin(sql: string): Promise<void> {
  const client = new Client(server);
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
