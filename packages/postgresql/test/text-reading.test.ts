import type { TenantRecord } from "@af-tenancy/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { withServer } from "./server.ts";
import { startSharedTables } from "./start-shared-tables.ts";

/** What is to make the server read texts in another way than the check of statements does. */
const changes = [
  "update pg_settings set setting = 'off' where name = 'standard_conforming_strings'",
  `with a as (update pg_catalog."pg_settings" as s set setting = 'off' where name = 'standard_conforming_strings' returning 1) select * from a`,
  "set local standard_conforming_strings = off",
  "set local client_encoding = 'SJIS'",
  "set local names 'SJIS'",
  "select query_to_xml('select set_' || 'config(''standard_conforming_strings'', ''off'', true)', true, false, '')",
  "do $$ begin set local standard_conforming_strings = off; end $$",
  "do $$ begin set local client_encoding = 'SJIS'; end $$",
];

/** Texts that hide what is in them under one reading only: with backslashes, and in an encoding that takes them along. */
const hiding = [
  (sql: string) => `select '\\' || '; ${sql} --'`,
  (sql: string) => `select e'\u00c1\\' ; ${sql} --'`,
];

/** Runs SQL one after the other in one transaction, inside a tenant. */
type RunAll = (tenant: TenantRecord, statements: readonly string[]) => Promise<unknown[]>;

describe.skipIf(withServer !== "")(`texts in SQL${withServer}`, { timeout: 60_000 }, () => {
  it("F088: hide nothing that puts off a tenant's role", async () => {
    const { db, tenancy, acme, globex } = await startFleet({
      ...{ strategy: "schema", users: true, maxConnections: 2 },
    });
    for (const tenant of [acme, globex]) {
      await tenancy.run(tenant, () => db.em().insert(Note, { id: 1, text: tenant.slug }));
    }
    const runAll: RunAll = (tenant, statements) =>
      tenancy.run(tenant, () => db.em().transactional((em) => each(em, statements)));

    await expectHidden(runAll, [acme, globex], ({ placement }) => {
      return `reset role; select text from "${placement?.name}".note`;
    });
  });

  it("C131: hide nothing that names another tenant in shared tables", async () => {
    const site = await startSharedTables();
    onTestFinished(() => site.close());
    const [acme, globex] = [await site.add(), await site.add()];
    for (const tenant of [acme, globex]) {
      await site.run(tenant, (em) => em.insert(site.entities.Note, { id: 1, text: tenant.slug }));
    }
    const runAll: RunAll = (tenant, statements) =>
      site.run(tenant, (em) => em.transactional((inner) => each(inner, statements)));

    await expectHidden(runAll, [acme, globex], ({ id }) => {
      return `set local app.tenant to "${id}"; select text from note`;
    });
  });
});

/** Both tenants try at the same time to read the other's rows; then each still reads its own. */
async function expectHidden(
  runAll: RunAll,
  [acme, globex]: readonly [TenantRecord, TenantRecord],
  reach: (other: TenantRecord) => string,
): Promise<void> {
  for (const change of changes) {
    for (const hide of hiding) {
      const attempts = await Promise.allSettled([
        runAll(acme, [change, hide(reach(globex))]),
        runAll(globex, [change, hide(reach(acme))]),
      ]);
      for (const attempt of attempts) {
        expect(attempt, change).toMatchObject({ reason: { code: "UNSCOPED_SQL" } });
      }
    }
  }
  const read = ["select text from note where text = 'Caf\u00e9' or id = 1"];
  expect(await runAll(acme, read)).toEqual([[{ text: acme.slug }]]);
  expect(await runAll(globex, read)).toEqual([[{ text: globex.slug }]]);
}

async function each(
  em: { execute(sql: string): Promise<unknown> },
  statements: readonly string[],
): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const sql of statements) answers.push(await em.execute(sql));
  return answers;
}
