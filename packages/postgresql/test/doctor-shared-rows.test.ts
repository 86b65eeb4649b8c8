import type { Finding } from "@af-tenancy/database";
import { describe, expect, it, onTestFinished } from "vitest";
import { asAdmin, server, uniqueName, withServer } from "./server.ts";
import { type SharedSite, startSharedTables } from "./start-shared-tables.ts";

type Spoil = (site: SharedSite) => string;

describe(`F088: shared tables${withServer}`, { skip: withServer !== "", timeout: 30_000 }, () => {
  it("finds nothing wrong where row-level security bites", async () => {
    const { db } = await siteForTest(await plainLogin());

    await expect(db.doctor()).resolves.toEqual([]);
  });

  it("finds nothing wrong before the first tenant", async () => {
    const site = await startSharedTables({ connection: { ...server, user: await plainLogin() } });
    onTestFinished(() => site.close());

    await expect(site.db.doctor()).resolves.toEqual([]);
  });

  it.each<[string, Spoil, (site: SharedSite) => readonly (readonly [string, string])[]]>([
    [
      "a role that is a superuser",
      ({ role }) => `alter role "${role}" superuser`,
      ({ role }) => [["privileged-role", `role "${role}"`]],
    ],
    [
      "a role with BYPASSRLS",
      ({ role }) => `alter role "${role}" bypassrls`,
      ({ role }) => [["privileged-role", `role "${role}"`]],
    ],
    [
      "a table that the role owns",
      ({ role, schema }) =>
        `grant create on schema "${schema}" to "${role}"; alter table "${schema}".note owner to "${role}"`,
      (site) => [["owned-table", table(site, "note")]],
    ],
    [
      "tables without policy or with policies switched off, each of them",
      ({ schema }) =>
        `drop policy af_tenancy_rows on "${schema}".author; alter table "${schema}".note disable row level security`,
      (site) => [
        ["missing-policy", table(site, "author")],
        ["missing-policy", table(site, "note")],
      ],
    ],
    [
      "policies that are not forced, each of them",
      ({ schema }) =>
        `alter table "${schema}".author no force row level security; alter table "${schema}".tag no force row level security`,
      (site) => [
        ["unforced-policy", table(site, "author")],
        ["unforced-policy", table(site, "tag")],
      ],
    ],
    [
      "policies that say something else than they did",
      ({ schema }) =>
        `alter policy af_tenancy_rows on "${schema}".note using (true) with check (true); ` +
        `alter policy af_tenancy_rows on "${schema}".tag with check (true); ` +
        `alter policy af_tenancy_rows on "${schema}".author to current_user`,
      (site) => ["author", "note", "tag"].map((name) => ["altered-policy", table(site, name)]),
    ],
    [
      "a policy that lets more through",
      ({ schema }) => `create policy everyone on "${schema}".note using (true)`,
      (site) => [["permissive-policy", table(site, "note")]],
    ],
    [
      "views that read as their owners, materialized ones too",
      ({ schema }) =>
        `create view "${schema}".notes as select * from "${schema}".note; ` +
        `create view "${schema}".safe with (security_invoker = true) as select * from "${schema}".note; ` +
        `create materialized view "${schema}".stored as select * from "${schema}".note`,
      ({ schema }) => [
        ["view-of-owner", `view "${schema}"."notes"`],
        ["view-of-owner", `view "${schema}"."stored"`],
      ],
    ],
  ])("finds %s, and the application does not start", async (_, spoil, expected) => {
    const site = await siteForTest(await plainLogin());
    await asAdmin(spoil(site));

    const findings = await site.db.doctor();

    expect(subjects(findings)).toEqual(
      expected(site).map(([check, subject]) => [`postgresql/${check}`, subject]),
    );
    expect(findings.every(({ severity }) => severity === "error")).toBe(true);
    const started = startAgain(site);
    await expect(started).rejects.toMatchObject({ code: "ROWS_EXPOSED" });
    for (const { subject, message, remedy } of findings) {
      await expect(started).rejects.toThrow(`${subject}: ${message}`);
      await expect(started).rejects.toThrow(remedy);
    }
  });

  it("finds what lets tenants at the markers of others, which the next start puts right", async () => {
    const site = await siteForTest(await plainLogin());
    await asAdmin(`alter policy af_tenancy_rows on "${site.schema}"._tenancy_owner using (true)`);

    const findings = await site.db.doctor();
    await startAgain(site);

    expect(subjects(findings)).toEqual([
      ["postgresql/altered-policy", table(site, "_tenancy_owner")],
    ]);
    await expect(site.db.doctor()).resolves.toEqual([]);
  });

  it("warns of a configured user for whom no policy holds", async () => {
    const login = await plainLogin();
    const { db } = await siteForTest(login);
    await asAdmin(`alter role "${login}" bypassrls`);

    const findings = await db.doctor();

    expect(findings).toEqual([
      expect.objectContaining({
        check: "postgresql/privileged-login",
        severity: "warning",
        subject: `user "${login}" of server "default"`,
      }),
    ]);
  });

  it("finds a configured user whose sessions begin as a tenant", async () => {
    const login = await plainLogin();
    const { db } = await siteForTest(login);
    await asAdmin(`alter role "${login}" set app.tenant = 'acme'`);

    const findings = await db.doctor();

    const subject = `user "${login}" of server "default"`;
    expect(subjects(findings)).toEqual([["postgresql/login-tenant-variable", subject]]);
  });
});

const logins = new WeakMap<SharedSite, string>();

/** Two tenants that share tables, served by a user without more rights than it needs. */
async function siteForTest(login: string): Promise<SharedSite> {
  const site = await startSharedTables({ connection: { ...server, user: login } });
  onTestFinished(() => site.close());
  logins.set(site, login);
  await site.add();
  await site.add();
  return site;
}

/** Starts another application on the same tables. */
async function startAgain(site: SharedSite): Promise<void> {
  const again = await startSharedTables({
    connection: { ...server, user: logins.get(site) ?? "" },
    ...{ sharedSchema: site.schema, sharedRole: site.role },
  });
  await again.tenancy.close();
}

/** Makes a user that can make schemas and roles and is nothing more; gone when the test is over. */
async function plainLogin(): Promise<string> {
  const login = uniqueName("doctor");
  await asAdmin(
    `create role "${login}" login createrole createdb; grant create on database "${server.database}" to "${login}"`,
  );
  onTestFinished(async () => {
    await asAdmin(`drop owned by "${login}"; drop role "${login}"`);
  });
  return login;
}

function table({ schema }: SharedSite, name: string): string {
  return `table "${schema}"."${name}"`;
}

function subjects(findings: readonly Finding[]): (readonly [string, string])[] {
  return findings.map(({ check, subject }) => [check, subject]);
}
