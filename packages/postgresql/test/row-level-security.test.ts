import { createTenancy, memoryRegistry, type TenantRecord } from "@af-tenancy/core";
import { RowsExposedError, sqlRunner, UnscopedSqlError } from "@af-tenancy/database";
import { postgresql } from "@af-tenancy/postgresql";
import type { SharedTablesManager } from "@af-tenancy/testing";
import { defineEntity, p } from "@mikro-orm/postgresql";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { readSecurity, releaseTables } from "../src/row-level-security.ts";
import { openForTest } from "./open-for-test.ts";
import { asAdmin, server, uniqueName, withServer } from "./server.ts";
import { type SharedSite, startSharedTables } from "./start-shared-tables.ts";

describe.skipIf(withServer !== "")(`row-level security${withServer}`, () => {
  /** For tests that spoil nothing, each with tenants of its own. */
  const shared = sharedSite();

  it.each<[string, (site: SharedSite) => string, string]>([
    ["a superuser", ({ role }) => `alter role "${role}" superuser`, "superuser"],
    ["a role with BYPASSRLS", ({ role }) => `alter role "${role}" bypassrls`, "BYPASSRLS"],
    [
      "an owner whose policies are not forced",
      ({ role, schema }) =>
        `grant all on schema "${schema}" to "${role}"; alter table "${schema}".note owner to "${role}"; alter table "${schema}".note no force row level security`,
      "owns the table",
    ],
    [
      "policies that are not forced",
      ({ schema }) => `alter table "${schema}".note no force row level security`,
      "not forced",
    ],
    [
      "a table without row-level security",
      ({ schema }) => `alter table "${schema}".note disable row level security`,
      "no row-level security",
    ],
    [
      "a table without row-level security whose policy is of an older version",
      ({ schema }) =>
        `comment on policy af_tenancy_rows on "${schema}".note is 'older'; alter table "${schema}".note disable row level security`,
      "no row-level security",
    ],
    [
      "a policy of an older version that is not forced",
      ({ schema }) =>
        `comment on policy af_tenancy_rows on "${schema}".note is 'older'; alter table "${schema}".note no force row level security`,
      "not forced",
    ],
    [
      "a missing policy",
      ({ schema }) => `drop policy af_tenancy_rows on "${schema}".note`,
      "no policy",
    ],
    [
      "a policy that says something else than it did",
      ({ schema }) => `alter policy af_tenancy_rows on "${schema}".note using (true)`,
      "not the one that was made",
    ],
    [
      "another policy that lets more through",
      ({ schema }) => `create policy everyone on "${schema}".note using (true)`,
      "everyone",
    ],
    [
      "a view with its owner's rights",
      ({ schema }) => `create view "${schema}".notes as select * from "${schema}".note`,
      "notes",
    ],
  ])("F088: does not start with %s", async (_, spoil, named) => {
    const site = await siteForTest();
    await site.add();

    await asAdmin(spoil(site));

    const started = startAgain(site);
    await expect(started).rejects.toThrow(RowsExposedError);
    await expect(started).rejects.toThrow(named);
  });

  it("C134: puts back policies that are missing, makes outdated ones anew, and keeps others", async () => {
    const site = await siteForTest();
    const tenant = await site.add();
    const { schema } = site;
    await asAdmin(
      `drop policy af_tenancy_rows on "${schema}".tag; ` +
        `create policy mine on "${schema}".note as restrictive using (text <> 'hidden'); ` +
        `comment on policy af_tenancy_rows on "${schema}".note is 'af-tenancy older'; ` +
        `create view "${schema}".notes as select * from "${schema}".note`,
    );

    await site.db.migrate(tenant);

    await expect(startAgain(site)).resolves.toBeUndefined();
    const policies = await asAdmin<{ name: string }>(
      `select polname as name from pg_policy where polrelid = '"${schema}".note'::regclass order by 1`,
    );
    expect(policies.map(({ name }) => name)).toEqual(["af_tenancy_rows", "mine"]);
  });

  it("C134: makes policies anew that were altered, whatever became of them", async () => {
    const site = await siteForTest();
    const [tenant, other] = [await withNote(site), await withNote(site)];
    const { schema } = site;
    await asAdmin(
      `alter policy af_tenancy_rows on "${schema}".note using (true) with check (true); ` +
        `alter policy af_tenancy_rows on "${schema}".tag to "${site.role}"; ` +
        `drop policy af_tenancy_rows on "${schema}".author; ` +
        `create policy af_tenancy_rows on "${schema}".author as restrictive for select using (true)`,
    );
    const read = (em: SharedTablesManager) => em.execute("select text from note order by 1");
    expect(await site.run(tenant, read)).toHaveLength(2);

    await site.db.migrate(tenant);

    expect(await site.run(tenant, read)).toEqual([{ text: tenant.id }]);
    const forged = site.run(tenant, (em) =>
      em.execute(`insert into note (tenant_id, id, text) values ('${other.id}', 9, 'forged')`),
    );
    await expect(forged).rejects.toThrow("row-level security");
    const findings = await site.db.doctor({ tenants: [tenant, other] });
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it.each([
    ["dropped", "drop policy af_tenancy_rows on"],
    ["altered", "alter policy af_tenancy_rows on", "using (true)"],
    ["switched off", "alter table", "disable row level security"],
    ["not forced", "alter table", "no force row level security"],
  ])(
    "C134: db.migrate() puts back what was %s where the application does not start",
    async (_, spoil, how = "") => {
      const site = await siteForTest();
      const tenant = await site.add();
      await asAdmin(`${spoil} "${site.schema}".note ${how}`);
      const { db, tenancy } = notStarted(site);
      await expect(tenancy.start()).rejects.toThrow(RowsExposedError);

      await db.migrate(tenant);

      await expect(tenancy.start()).resolves.toBeUndefined();
      await tenancy.close();
    },
  );

  it("db.migrate() does not go on where policies are put right and still let everything through", async () => {
    const site = await siteForTest();
    const tenant = await site.add();
    await asAdmin(
      `drop policy af_tenancy_rows on "${site.schema}".note; alter role "${site.role}" superuser`,
    );
    const { db, tenancy } = notStarted(site);
    await expect(tenancy.start()).rejects.toThrow(RowsExposedError);

    const migrated = db.migrate(tenant);

    await expect(migrated).rejects.toThrow("superuser");
    await expect(migrated).rejects.not.toThrow("has no policy");
  });

  it.each(["org", "user", "order"])(
    "knows its own policies again under the column %s",
    async (tenantColumn) => {
      const site = await siteForTest({ tenantColumn });
      await site.add();
      const policies = `select oid from pg_policy where polname = 'af_tenancy_rows' and polrelid::regclass::text like '${site.schema}.%' order by 1`;
      const made = await asAdmin(policies);

      await site.db.migrate(await site.add());
      const findings = await site.db.doctor();

      expect(made.length).toBeGreaterThan(5);
      expect(await asAdmin(policies)).toEqual(made);
      expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
    },
  );

  it("knows its own policy again where a migration gave the tenant column the type text", async () => {
    const site = await siteForTest();
    const tenant = await site.add();
    const table = `"${site.schema}".note`;
    await asAdmin(
      `drop policy af_tenancy_rows on ${table}; alter table ${table} alter column tenant_id type text`,
    );
    await site.db.migrate(tenant);

    await expect(startAgain(site)).resolves.toBeUndefined();
  });

  it("C134: makes an outdated policy anew at start", async () => {
    const site = await siteForTest();
    const tenant = await site.add();
    const table = `"${site.schema}".note`;
    await asAdmin(
      `alter policy af_tenancy_rows on ${table} using (false); comment on policy af_tenancy_rows on ${table} is 'af-tenancy older'`,
    );

    await startAgain(site);

    await site.run(tenant, (em) => em.insert(site.entities.Note, { id: 1, text: "seen" }));
    expect(await site.run(tenant, (em) => em.count(site.entities.Note))).toBe(1);
  });

  it("C134: drops its own policies and no other", async () => {
    const site = await siteForTest();
    await site.add();
    await asAdmin(`create policy mine on "${site.schema}".note using (text <> 'hidden')`);
    const run = sqlRunner(await (await openForTest()).acquireConnection());

    await releaseTables(run, site.schema);

    const security = await readSecurity(run, site.schema);
    expect(security.filter(({ hash }) => hash !== null)).toEqual([]);
    expect(security.find(({ name }) => name === "note")).toMatchObject({
      enabled: true,
      others: ["mine"],
    });
    expect(security.find(({ name }) => name === "tag")).toMatchObject({ enabled: false });
  });

  it("C131 F089: gives no rows, or an error, when no tenant is named, and never all", async () => {
    const site = shared();
    const tenant = await withNote(site);
    await withNote(site);
    const as = `set role "${site.role}"; set search_path to "${site.schema}"`;

    await expect(asAdmin(`${as}; select * from note`)).rejects.toThrow("app.tenant");
    expect(await asAdmin(`${as}; set app.tenant = ''; select * from note`)).toEqual([]);
    expect(
      await asAdmin(`${as}; set app.tenant = '${tenant.id}'; select id from note`),
    ).toHaveLength(1);
    const reset = `begin; set local app.tenant = '${tenant.id}'; commit`;
    expect(await asAdmin(`${as}; ${reset}; select * from note`)).toEqual([]);
    await expect(
      asAdmin(
        `${as}; set app.tenant = ''; insert into note (tenant_id, id, text) values ('', 9, '')`,
      ),
    ).rejects.toThrow("row-level security");
  });

  it("C133: keeps the owner of the tables to the tenant, and lets BYPASSRLS past", async () => {
    const site = await siteForTest();
    const owner = uniqueName("owner");
    await asAdmin(`create role "${owner}"; grant all on schema "${site.schema}" to "${owner}"`);
    onTestFinished(
      async () => void (await asAdmin(`drop owned by "${owner}"; drop role "${owner}"`)),
    );
    const tenant = await withNote(site);
    await withNote(site);
    const table = `"${site.schema}".note`;
    await asAdmin(`alter table ${table} owner to "${owner}"`);
    const count = `set role "${owner}"; set app.tenant = '${tenant.id}'; select id from ${table}`;

    expect(await asAdmin(count)).toHaveLength(1);
    await asAdmin(`alter role "${owner}" bypassrls`);
    expect(await asAdmin(count)).toHaveLength(2);
    await asAdmin(`alter table ${table} owner to current_user`);
  });

  it.each([
    "select set_config('app.tenant', 'other', true)",
    "set local app.tenant = 'other'",
    `set local "app".tenant = 'other'`,
    "set local role postgres",
    'set/**/local "role" = none',
    "reset role",
    "set session authorization postgres",
    "commit and chain; select 1",
    "commit; select text from note",
  ])("refuses SQL that would be somebody else: %s", async (sql) => {
    const site = shared();
    const tenant = await site.add();

    const sent = site.run(tenant, (em) => em.transactional((tx) => tx.execute(sql)));

    await expect(sent).rejects.toThrow(UnscopedSqlError);
  });

  it("C130 C131: shows no other tenant's rows to SQL that ends the transaction, whoever is done first", async () => {
    const site = shared();
    const [one, other] = [await withNote(site), await withNote(site)];
    const look = `select text from "${site.schema}".note`;
    const seen: unknown[] = [];
    const ending = (sql: string) => async (em: SharedTablesManager) => {
      seen.push(await em.execute(look));
      await em.execute(sql);
      seen.push(await em.execute(look));
    };

    for (const sql of [
      "commit and chain; select 1",
      "rollback and chain; select 1",
      "commit; begin",
      "end; select 1",
    ]) {
      const slow = site.run(one, (em) =>
        em.transactional(async (tx) => {
          const quick = site.run(other, (theirs) => theirs.transactional(ending(sql)));
          await expect(quick, sql).rejects.toThrow(UnscopedSqlError);
          await ending(sql)(tx);
        }),
      );
      await expect(slow, sql).rejects.toThrow(UnscopedSqlError);
      const alone = site.run(one, (em) => em.execute(`${sql}; ${look}`));
      await expect(alone, sql).rejects.toThrow(UnscopedSqlError);
      expect(seen.splice(0), sql).toEqual([[{ text: other.id }], [{ text: one.id }]]);
    }
  });

  it("C132: scopes children by their own column, however many ways lead to the tenant", async () => {
    const site = shared();
    await site.add();

    const security = await readSecurity(
      sqlRunner(await (await openForTest()).acquireConnection()),
      site.schema,
    );

    const secured = security.filter(({ hash }) => hash !== null).map(({ name }) => name);
    expect(secured.sort()).toEqual([
      "_tenancy_owner",
      "author",
      "comment",
      "note",
      "note_tags",
      "tag",
    ]);
    expect(security.find(({ name }) => name === "country")?.enabled).toBe(false);
  });

  it("C135: guards whatever the metadata declares, under the column that the application names", async () => {
    const Page = defineEntity({
      name: "Page",
      properties: { id: p.integer().primary(), text: p.string() },
    });
    const site = await siteForTest({ entities: [Page], global: [], tenantColumn: "org" });
    const [one, other] = [await site.add(), await site.add()];
    for (const tenant of [one, other]) {
      await site.run(tenant, (em) => em.insert(Page, { id: 1, text: tenant.id }));
    }

    const read = await site.run(one, (em) => em.execute("select org, text from page"));

    expect(read).toEqual([{ org: one.id, text: one.id }]);
  });
});

function sharedSite(): () => SharedSite {
  let site: SharedSite | undefined;
  beforeAll(async () => {
    site = await startSharedTables();
  });
  afterAll(() => site?.close());
  return () => site ?? expect.unreachable();
}

async function siteForTest(
  options: Parameters<typeof startSharedTables>[0] = {},
): Promise<SharedSite> {
  const site = await startSharedTables(options);
  onTestFinished(() => site.close());
  return site;
}

/** Composes another application on the same tables. */
function notStarted({ schema, role, entities }: SharedSite) {
  const db = postgresql({
    connection: server,
    entities: Object.values(entities),
    ...{ strategies: ["row"], global: [entities.Country], sharedSchema: schema, sharedRole: role },
  });
  const tenancy = createTenancy({ registry: memoryRegistry(), databases: db });
  onTestFinished(() => tenancy.close());
  return { db, tenancy };
}

/** Starts another application on the same tables. */
async function startAgain({ schema, role }: SharedSite): Promise<void> {
  const again = await startSharedTables({ sharedSchema: schema, sharedRole: role });
  await again.tenancy.close();
}

async function withNote(site: SharedSite): Promise<TenantRecord> {
  const tenant = await site.add();
  await site.run(tenant, (em) => em.insert(site.entities.Note, { id: 1, text: tenant.id }));
  return tenant;
}
