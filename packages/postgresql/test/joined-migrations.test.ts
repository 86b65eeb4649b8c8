import { randomUUID } from "node:crypto";
import type { TenantMigrations, TenantRecord } from "@af-tenancy/core";
import { type SqlMigration, tenantRecord } from "@af-tenancy/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { asAdmin, server, withServer } from "./server.ts";
import { type Migrated, startMigrated } from "./start-migrated.ts";

const notes: SqlMigration = {
  name: "01_notes",
  up: ["create table note (id integer primary key, text varchar(100))"],
  down: ["drop table note"],
};
const sent = (name: string): SqlMigration => ({
  name,
  up: [`insert into note values (${Number.parseInt(name, 10)}, statement_timestamp()::text)`],
  down: [],
});

describe.skipIf(withServer !== "")(`migrations in one message${withServer}`, () => {
  it("sends the first tenant one by one, and the next those that were quick there", async () => {
    const { site, acme, globex } = await twoTenants([notes, sent("02_sent"), sent("03_sent")]);

    const first = await migrationsOf(site).run(acme);
    const second = await migrationsOf(site).run(globex);

    const names = ["01_notes", "02_sent", "03_sent"];
    for (const { before, after, migrations } of [first, second]) {
      expect({ before, after }).toEqual({ before: undefined, after: first.after });
      expect(migrations.map(({ name }) => name)).toEqual(names);
      expect(migrations.every(({ milliseconds }) => milliseconds > 0)).toBe(true);
    }
    const { applied, pending } = await migrationsOf(site).status(globex);
    expect(applied.map(({ name }) => name)).toEqual(names);
    expect(pending).toEqual([]);
    expect(await messages(site, acme)).toBe(2);
    expect(await messages(site, globex)).toBe(1);
  });

  it("F069: says which of several failed, leaves nothing of any, and goes on when it is mended", async () => {
    const tags = { name: "02_tags", up: ["create table tag (id integer)"], down: [] };
    const { site, acme, globex } = await twoTenants([notes, tags, sent("03_sent")]);
    await migrationsOf(site).run(acme);
    const schema = globex.placement?.name;
    await asAdmin(`create table "${schema}".tag (id integer)`);

    const failing = migrationsOf(site).run(globex);

    await expect(failing).rejects.toMatchObject({
      ...{ code: "MIGRATION_FAILED", migration: "02_tags", cause: { code: "42P07" } },
      sql: expect.stringContaining("create table tag"),
    });
    const { applied, dirty } = await migrationsOf(site).status(globex);
    expect({ applied, dirty }).toEqual({ applied: [], dirty: undefined });
    expect(await asAdmin(`select to_regclass('"${schema}".note') as note`)).toEqual([
      { note: null },
    ]);
    await asAdmin(`drop table "${schema}".tag`);
    expect((await migrationsOf(site).run(globex)).migrations).toHaveLength(3);
  });

  it.each([
    ["stays there", () => "select 1"],
    ["comes back", (own: string) => going(`"${own}".leads`, `'${own}'`)],
  ])("F073: takes back one that goes to another tenant's schema and %s", async (_, next) => {
    const third: string[] = [];
    const stray = { name: "02_stray", up: [going("leads", "path")], down: [] };
    const list = [notes, stray, { name: "03_next", up: third, down: [] }];
    const { site, acme, globex } = await twoTenants(list);
    const own = globex.placement?.name ?? "";
    third.push(next(own));
    await migrationsOf(site).run(acme);
    await asAdmin(`create table "${own}".leads as select '${acme.placement?.name}'::text as path`);

    const failing = migrationsOf(site).run(globex);

    await expect(failing).rejects.toMatchObject({
      ...{ code: "MIGRATION_FAILED", migration: "02_stray" },
      cause: { code: "DATABASE_MISMATCH" },
    });
    expect((await migrationsOf(site).status(globex)).applied).toEqual([]);
    expect((await migrationsOf(site).status(acme)).applied).toHaveLength(3);
  });
});

/** SQL that goes to another schema where there is a table of leads. */
function going(leads: string, path: string): string {
  const go = `perform set_config('search_path', ${path}, true) from ${leads};`;
  return `do $$ begin if to_regclass('${leads}') is not null then ${go} end if; end $$`;
}

function migrationsOf({ databases }: Migrated): TenantMigrations {
  return databases.migrations as TenantMigrations;
}

async function twoTenants(list: readonly SqlMigration[]) {
  const site = await startMigrated(server, list, { strategies: ["schema"], maxConnections: 4 });
  onTestFinished(() => site.close());
  const add = async (): Promise<TenantRecord> => {
    const id = randomUUID();
    const placement = site.databases.place(id, 1);
    const manager = site.databases.manager(placement);
    onTestFinished(() => manager.drop({ tenantId: id, placement }), 60_000);
    await manager.create({ tenantId: id, placement });
    return { ...tenantRecord({ id, slug: `t-${id}` }), placement };
  };
  return { site, acme: await add(), globex: await add() };
}

/** How many messages wrote the notes: a message's statements have its time. */
async function messages({ tenancy, databases }: Migrated, tenant: TenantRecord): Promise<number> {
  const sql = "select count(distinct text)::int as messages from note";
  const [row] = await tenancy.run(tenant, () =>
    databases.em().execute<{ messages: number }[]>(sql),
  );
  return row?.messages ?? 0;
}
