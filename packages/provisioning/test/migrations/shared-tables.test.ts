import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createTenancy,
  type PlacementStrategy,
  type Tenancy,
  type TenantRecord,
} from "@af-tenancy/core";
import { mysql } from "@af-tenancy/mysql";
import { postgresql } from "@af-tenancy/postgresql";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { testScale } from "@af-tenancy/testing";
import { defineEntity, p } from "@mikro-orm/sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { provisioning } from "../../src/index.ts";
import {
  maria,
  onMaria,
  onPostgres,
  postgres,
  registrySites,
  serverOf,
} from "../life/registry-sites.ts";
import { codeThrownBy, thrownBy } from "../support/thrown-by.ts";
import { migration } from "./engines.ts";
import { slugs } from "./start-fleet.ts";

const Note = defineEntity({
  name: "Note",
  properties: { id: p.integer().primary(), text: p.string().length(100) },
});

const migrations = [
  migration("0001-notes", [
    "create table note (tenant_id varchar(64) not null, id integer not null, text varchar(100) not null, primary key (tenant_id, id))",
    "create table log (what varchar(20) not null)",
  ]),
  migration("0002-log", ["insert into log (what) values ('0002')"], [deleting("0002")]),
  migration("0003-log", ["insert into log (what) values ('0003')"], [deleting("0003")]),
];
const unique = migration("0004-unique", ["create unique index note_text on note (text)"]);

for (const name of ["SQLite", "PostgreSQL", "MariaDB"] as const) {
  const { missing } = registrySites.find((site) => site.name === name) ?? { missing: "no site" };
  describe.skipIf(missing !== "")(`a plan over shared tables on ${name} ${missing}`, () => {
    it("migrates them once and marks everybody who shares them, beside tenants with their own", async () => {
      const { fleet, tenancy, databases, statuses, log } = await fleetOf(name);
      const seen: unknown[] = [];
      const down: number[] = [];
      beforeRun(databases, async () => {
        const { length } = (await statuses()).filter((one) => one.endsWith("Updating."));
        down.push(length);
      });
      const maintenance = { message: "Updating.", retryAfter: 5 };
      tenancy.events.on("migrationProgress", async ({ tenant }) => {
        seen.push(tenant.result?.migrations.length);
      });
      await tenancy.tenants.delete({ by: "slug", value: "initech" });

      const preview = await fleet.preview();
      const { id } = await fleet.begin({ tenants: slugs("acme", "own"), maintenance, canary: 1 });
      const report = await fleet.run(id, { concurrency: 1 });

      expect(preview).toHaveLength(1);
      expect(preview[0]?.tenants).toHaveLength(4);
      expect(report).toMatchObject({ verdict: "done", counts: { done: 4 } });
      expect(await log("acme")).toEqual(["0002", "0003"]);
      expect(await log("own")).toEqual(["0002", "0003"]);
      expect(await fleet.summary()).toMatchObject({ behind: 0, upToDate: 3 });
      expect(new Set(await statuses())).toEqual(new Set([`3 undefined`]));
      expect(seen).toEqual([2, 0, 0, 2]);
      // Of the three that share tables, the deleted one is served by nobody anyway.
      expect(down).toEqual([2, 1]);
    });

    it("F069: keeps all who share them apart when one's rows fail them, and lets go of all together", async () => {
      const { fleet, tenancy, databases, log } = await fleetOf(name, [unique]);
      // The same keys, interleaved; the first tenant is finished first.
      const write = async (slug: string, key: number, text: string) =>
        tenancy.run({ by: "slug", value: slug }, async () => {
          const em = databases.em();
          em.create(Note, { id: key, text });
          await em.flush();
        });
      for (const [slug, key, text] of twice) await write(slug, key, text);

      const { id } = await fleet.begin({ waveSize: 1, lockMs: 2_000 });
      const failed = await fleet.run(id);
      await tenancy.run({ by: "slug", value: "globex" }, async () => {
        await databases.em().nativeUpdate(Note, { id: 2 }, { text: "other" });
      });
      const left = failed.left.find(({ state }) => state === "quarantined");
      const { dirty } = await fleet.status(left?.tenantId ?? "");
      if (dirty !== undefined) await fleet.resolve(left?.tenantId ?? "", dirty, "reverted");
      const released = await fleet.release(id, slugs("acme"));
      const mended = await fleet.run(id);

      expect(failed).toMatchObject({ verdict: "failed", counts: { quarantined: 3 } });
      expect(released).toBe(3);
      expect(mended).toMatchObject({ verdict: "done", counts: { done: 4 } });
      expect(await log("globex")).toEqual(["0002", "0003"]);
    });

    // How often a plan is run is the registry's to know, whatever the driver.
    if (testScale() < 1 && name !== "SQLite") return;

    it("takes as many back as it was told, however many share them and however often it is run", async () => {
      const { fleet, statuses, log } = await fleetOf(name);
      await fleet.run((await fleet.begin()).id);

      const { id } = await fleet.begin({ direction: "down", tenants: slugs("globex") });
      const first = await fleet.run(id, { concurrency: 1 });
      const again = await fleet.run(id);

      expect([first.verdict, again.verdict]).toEqual(["done", "done"]);
      expect(first.counts.done).toBe(3);
      expect(await log("acme")).toEqual(["0002"]);
      expect(await log("own")).toEqual(["0002", "0003"]);
      expect((await statuses()).sort()).toEqual([...Array(3).fill("2 undefined"), "3 undefined"]);
    });

    it("F071: takes none back twice when it is stopped after the first tenant of them", async () => {
      const { fleet, tenancy, databases, start, log } = await fleetOf(name);
      await fleet.run((await fleet.begin()).id);
      const { id } = await fleet.begin({ direction: "down", tenants: slugs("acme") });
      stopAfterFirst(databases, tenancy);

      const stopped = await thrownBy(() => fleet.run(id, { concurrency: 1 }));
      const next = await start(10);
      const report = await next.fleet.run(id);

      expect(stopped).toMatchObject({ code: "TENANCY_CLOSED" });
      expect(report).toMatchObject({ verdict: "done", counts: { done: 3 } });
      expect(await log("acme", next)).toEqual(["0002"]);
    });

    it("makes none of them afresh, which would take everybody's rows", async () => {
      const { fleet, log } = await fleetOf(name);

      const fresh = () => fleet.begin({ direction: "fresh" });

      expect(await codeThrownBy(fresh)).toBe("INVALID_INPUT");
      expect(await log("acme")).toEqual([]);
      const { id } = await fleet.begin({ direction: "fresh", tenants: slugs("own") });
      expect(await fleet.run(id)).toMatchObject({ verdict: "done", counts: { done: 1 } });
    });
  });
}

/** Rows of two tenants with the same keys; two of them have the same text, which an index over all tenants refuses. */
const twice = [
  ["acme", 1, "acme 1"],
  ["globex", 1, "globex 1"],
  ["acme", 2, "same"],
  ["globex", 2, "same"],
] as const;

/** Makes three tenants that share their tables and one with its own, all with the first migration only. */
async function fleetOf(name: string, more: readonly (typeof unique)[] = []) {
  const folder = await mkdtemp(join(tmpdir(), "af-shared-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const suffix = randomBytes(4).toString("hex");
  const closing: (() => Promise<void>)[] = [];
  const start = async (count: number) => {
    const list = [...migrations, ...more].slice(0, count);
    const databases = databasesOf(name, folder, suffix, list);
    const registry = sqliteRegistry({ file: join(folder, "registry.sqlite") });
    const tenancy = createTenancy({
      ...{ registry, databases, provisioning: provisioning({ leaseMs: 500 }) },
    });
    await tenancy.start();
    closing.push(() => tenancy.close());
    return { databases, registry, tenancy, fleet: tenancy.tenants.migrations };
  };
  const before = await start(1);
  for (const slug of ["acme", "globex", "initech"]) await before.tenancy.tenants.create({ slug });
  const own: PlacementStrategy = name === "PostgreSQL" ? "schema" : "database";
  await before.tenancy.tenants.create({ slug: "own", placement: { strategy: own } });
  await before.tenancy.close();

  const started = await start(10);
  const { registry } = started;
  const statuses = ["active", "deleted"] as const;
  onTestFinished(async () => {
    const last = await start(10);
    for await (const { id: tenantId, placement } of last.registry.store.list({ statuses })) {
      if (placement) await last.databases.manager(placement).drop({ tenantId, placement });
    }
    for (const close of closing) await close();
    await removeShared(name, suffix);
  }, 60_000);
  return {
    ...started,
    /** How many migrations each tenant has had by the registry, and its maintenance. */
    async statuses() {
      const found: string[] = [];
      for await (const { schemaVersion, maintenance } of registry.store.list({ statuses })) {
        found.push(`${schemaVersion?.split("-")[0]} ${maintenance?.message}`);
      }
      return found;
    },
    start,
    async log(slug: string, now: Started = started) {
      const rows = await now.tenancy.run({ by: "slug", value: slug }, () =>
        now.databases.unscoped("what the migrations wrote", (em) =>
          em.execute<{ what: string }[]>("select what from log order by what"),
        ),
      );
      return rows.map(({ what }) => what);
    },
  };
}

function databasesOf(
  name: string,
  folder: string,
  suffix: string,
  list: readonly (typeof unique)[],
) {
  const parts = { entities: [Note], migrations: list };
  if (name === "SQLite") {
    const strategies = ["row", "database"] as const;
    return sqlite({ folder: join(folder, "tenants"), strategies, ...parts });
  }
  if (name === "MariaDB") {
    const strategies = ["row", "database"] as const;
    const sharedDatabase = `aft_shared_${suffix}`;
    const connection = serverOf(maria);
    return mysql({ connection, flavour: "mariadb", strategies, sharedDatabase, ...parts });
  }
  return postgresql({
    ...{ connection: serverOf(postgres), strategies: ["row", "schema"], ...parts },
    ...{ sharedSchema: `aft_shared_${suffix}`, sharedRole: `aft_rows_${suffix}` },
  });
}

interface Started {
  readonly tenancy: Tenancy<TenantRecord>;
  readonly databases: ReturnType<typeof databasesOf>;
}

/** Has something done each time before a tenant's migrations are run, and not only tried. */
function beforeRun({ migrations }: Started["databases"], act: () => Promise<void>): void {
  const found = migrations as NonNullable<typeof migrations>;
  const run = found.run.bind(found);
  Object.assign(found, {
    async run(...args: Parameters<typeof run>) {
      if (args[1]?.dryRun !== true) await act();
      return run(...args);
    },
  });
}

/** Closes an application as soon as the first tenant of a plan was migrated. */
function stopAfterFirst({ migrations }: Started["databases"], tenancy: Started["tenancy"]): void {
  const found = migrations as NonNullable<typeof migrations>;
  const run = found.run.bind(found);
  Object.assign(found, {
    async run(...args: Parameters<typeof run>) {
      const done = await run(...args);
      void tenancy.close();
      return done;
    },
  });
}

function deleting(what: string): string {
  return `delete from log where what = '${what}'`;
}

async function removeShared(name: string, suffix: string): Promise<void> {
  if (name === "MariaDB") await onMaria(`drop database if exists aft_shared_${suffix}`);
  if (name !== "PostgreSQL") return;
  await onPostgres(`drop schema aft_shared_${suffix} cascade`);
  await onPostgres(`drop owned by aft_rows_${suffix}; drop role aft_rows_${suffix}`);
}
