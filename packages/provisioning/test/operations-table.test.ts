import { readFileSync } from "node:fs";
import { createTenancy, type TenantRecord } from "@af-tenancy/core";
import type { MikroOrmDatabases } from "@af-tenancy/database";
import { describe, expect, it } from "vitest";
import { provisioning } from "../src/index.ts";
import { type Engine, foundName, locationOf, siteIn, withSite } from "./crash/engine.ts";
import { onMariadb } from "./crash/mariadb-engine.ts";
import type { noteEntity } from "./crash/note.ts";
import { onPostgresql } from "./crash/postgresql-engine.ts";
import { whyNot } from "./crash/why-not.ts";
import { gate } from "./support/gate.ts";
import { codeThrownBy } from "./support/thrown-by.ts";

const page = new URL("../../../docs/operations.md", import.meta.url);
const engines: Readonly<Record<string, Engine>> = {
  "SQLite, `database`": "sqlite",
  "SQLite, `row`": "sqlite-row",
  "PostgreSQL, `database`": "postgresql",
  "PostgreSQL, `schema`": "postgresql-schema",
  "PostgreSQL, `row`": "postgresql-row",
  "MariaDB, `database`": "mariadb",
  "MariaDB, `row`": "mariadb-row",
};
const missing: Readonly<Record<string, string | undefined>> = {
  postgresql: await whyNot(() => onPostgresql("select 1")),
  mariadb: await whyNot(() => onMariadb("select 1")),
};
const rows = tableOf(readFileSync(page, "utf8"));

it("the table has every driver and strategy, each once", () => {
  expect(rows.map(({ where }) => where)).toEqual(Object.keys(engines));
});

describe.each(rows)("operations on $where", ({ where, makes, adopts, renames, clones }) => {
  const engine = engines[where] as Engine;
  const why = missing[engine.split("-")[0] ?? ""];
  const title = why === undefined ? "" : ` (skipped: ${why})`;

  it.skipIf(why)(
    `C014 C049 F060 F061: a tenant is made, used, purged and made again, beside another one${title}`,
    { timeout: 60_000 },
    () =>
      withSite(engine, async (folder) => {
        const { tenancy, db, names, note, notes } = await start(folder);
        const acme = await tenancy.tenants.create({ slug: "acme", domains: ["acme.example.com"] });
        const globex = await tenancy.run(acme, () => tenancy.tenants.create({ slug: "globex" }));
        for (const tenant of [acme, globex]) {
          for (const id of [1, 2, 3]) await note(tenant, id);
        }
        const placements = [acme, globex].map(({ placement }) => placement);
        expect(await names()).toEqual(placements.map((one) => one?.name).sort());
        expect(
          placements.map((one) =>
            one?.strategy === "row" ? "rows" : kindOf(one?.driver, one?.strategy),
          ),
        ).toEqual([makes, makes]);
        expect(acme.placement && db.manager(acme.placement).capabilities.rename).toBe(renames);
        const manager = acme.placement && db.manager(acme.placement);
        expect([manager?.createFrom, db.copyRows].map((one) => one !== undefined)).toEqual(
          clones === "file" ? [true, true] : [false, true],
        );

        const [begun, goOn] = [gate(), gate()];
        const inFlight = codeThrownBy(() =>
          tenancy.run(acme, () =>
            db.em().transactional(async (em) => {
              await em.insert(noteOf(db), { id: 4, text: "late" });
              begun.open();
              await goOn.opened;
              await em.insert(noteOf(db), { id: 5, text: "late" });
            }),
          ),
        );
        await begun.opened;
        await tenancy.tenants.purge(acme.id, { skipGrace: true });
        goOn.open();

        expect(String(await inFlight)).toMatch(/^DATABASE_/);
        expect(await names()).toEqual([globex.placement?.name]);
        // In a database that others have, too, a marker that is not there is nobody's.
        const gone = makes === "rows" ? "DATABASE_MISMATCH" : "DATABASE_NOT_READY";
        expect(await codeThrownBy(() => notes(acme))).toBe(gone);
        const domain = { by: "domain", value: "acme.example.com" };
        expect(await tenancy.find(domain)).toBeUndefined();

        const again = await tenancy.tenants.create({ slug: "acme", domains: ["acme.example.com"] });
        expect(again.id).not.toBe(acme.id);
        expect(again.placement?.name).not.toBe(acme.placement?.name);
        expect(await notes(again)).toEqual([]);
        await note(again, 1);
        expect(await notes(again)).toEqual(["acme 1"]);
        expect(await notes(globex)).toEqual(["globex 1", "globex 2", "globex 3"]);
        await tenancy.close();
      }),
  );

  it.skipIf(why)(
    `F058: what is there already is adopted where the table says so, used, and kept by a purge${title}`,
    { timeout: 60_000 },
    () =>
      withSite(engine, async (folder) => {
        const { tenancy, db, names, note, notes } = await start(folder);
        const found = siteIn(folder);
        const name = foundName(folder);
        await found.makeFound?.(name);
        const adopting = () => tenancy.tenants.adopt({ slug: "acme", placement: { name } });
        const place = db.place("any", 1);
        expect(adopts).toBe(db.manager(place).adopt === undefined ? "nothing" : makes);

        if (adopts === "nothing") {
          expect(await codeThrownBy(adopting)).toBe("INVALID_INPUT");
          expect(await tenancy.find({ by: "slug", value: "acme" })).toBeUndefined();
        } else {
          const acme = await adopting();
          expect(acme.placement).toMatchObject({ name, strategy: place.strategy });
          expect(await notes(acme)).toEqual(["kept"]);
          await note(acme, 2);
          expect(await notes(acme)).toEqual(["kept", "acme 2"]);
          await tenancy.tenants.purge(acme.id, { skipGrace: true });
          expect(await names()).toEqual([name]);
          expect(await found.notesIn?.(name)).toEqual(["kept", "acme 2"]);
        }
        await tenancy.close();
      }),
  );
});

async function start(folder: string) {
  const site = siteIn(folder);
  const db = site.databases(500);
  const { tag } = locationOf(folder);
  let count = 0;
  const generateId = () => `${tag}n${++count}`;
  const tenancy = createTenancy({
    registry: site.registry(),
    databases: db,
    provisioning: provisioning({ generateId }),
  });
  await tenancy.start();
  return {
    ...{ tenancy, db, names: () => site.names() },
    note: (tenant: TenantRecord, id: number) =>
      tenancy.run(
        tenant,
        async () => void (await db.em().insert(noteOf(db), { id, text: `${tenant.slug} ${id}` })),
      ),
    notes: (tenant: TenantRecord) =>
      tenancy.run(tenant, async () => {
        const found = await db.em().find(noteOf(db), {}, { orderBy: { id: "asc" } });
        return found.map(({ text }) => text);
      }),
  };
}

/** The entity that the current tenant's driver knows. */
function noteOf(db: MikroOrmDatabases): ReturnType<typeof noteEntity> {
  const [note] = db.entities() as readonly [ReturnType<typeof noteEntity>];
  return note;
}

function kindOf(driver: string | undefined, strategy: string | undefined): string {
  return driver === "sqlite" ? "file" : String(strategy);
}

interface Row {
  readonly where: string;
  readonly makes: string;
  readonly adopts: string;
  readonly renames: boolean;
  readonly clones: string;
}

function tableOf(text: string): readonly Row[] {
  const lines = text.split("\n");
  const first = lines.findIndex((line) => line.startsWith("| driver and strategy |"));
  const cells = lines.slice(first + 2).map((line) => line.split("|").map((cell) => cell.trim()));
  const end = cells.findIndex((row) => row.length < 3);
  return cells
    .slice(0, end)
    .map(([_, where = "", makes = "", adopts = "", , , renames, clones = ""]) => ({
      ...{ where, makes, adopts, clones },
      renames: renames === "yes",
    }));
}
