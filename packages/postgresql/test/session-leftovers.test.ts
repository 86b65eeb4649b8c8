import { describe, expect, it } from "vitest";
import { Note } from "./entities.ts";
import { type Fleet, startFleet } from "./fleet.ts";
import { withServer } from "./server.ts";

/** What one tenant sends, and SQL whose answer to the next one would tell. */
const leftovers: readonly (readonly [sql: string, look: string])[] = [
  ["/* a */ set statement_timeout = 1", "select current_setting('statement_timeout')"],
  ["-- a\nset timezone = 'Asia/Tokyo'", "select current_setting('timezone')"],
  ["/* a */ set default_transaction_read_only = on", "update note set text = text"],
  ["/* a */ set client_encoding = 'LATIN1'", "select 'Caf\u00e9' as text"],
  [
    "update pg_settings set setting = '1' where name = 'statement_timeout'",
    "select current_setting('statement_timeout')",
  ],
  [`select "set_config"('timezone', 'Asia/Tokyo', false)`, "select current_setting('timezone')"],
  ["-- a\ncreate temp table leak as select * from note", "select * from leak"],
  ["create/**/temp table leak as select * from note", "select * from leak"],
  [`create table "pg_temp".leak as select * from note`, "select * from leak"],
  ["select * into pg_temp.leak from note", "select * from leak"],
  ["explain analyze create temp table leak as select * from note", "select * from leak"],
  [
    "set local search_path to pg_temp, public; create table leak as select 1 as id",
    "select * from leak",
  ],
  ["/* a */ declare leak cursor with hold for select * from note", "fetch all from leak"],
  ["/**/prepare leak as select text from note", "execute leak"],
  ["/* a */ listen leak", "select pg_listening_channels()"],
  [`select "pg_advisory_lock"(4712)`, "select objid from pg_locks where locktype = 'advisory'"],
  [
    "select query_to_xml('select set_' || 'config(''timezone'', ''Asia/Tokyo'', false)', true, false, '')",
    "select current_setting('timezone')",
  ],
];

describe.skipIf(withServer !== "").each([
  ["a schema each", { strategy: "schema" }],
  ["the same keys and a user each", { strategy: "schema", users: true }],
] as const)(`one session of tenants with %s${withServer}`, { timeout: 60_000 }, (_, options) => {
  it("F081: has nothing of the one before, whatever its SQL looked like", async () => {
    const fleet = await startFleet({ ...options, maxConnections: 1 });
    const { db, tenancy, acme, globex } = fleet;
    for (const tenant of [acme, globex]) {
      await tenancy.run(tenant, () => db.em().insert(Note, { id: 1, text: tenant.slug }));
    }

    const told: string[] = [];
    for (const [sql, look] of leftovers) {
      const before = await answer(fleet, look);
      const [, after] = await Promise.all([
        tenancy.run(acme, () => db.em().execute(sql)).catch(refused),
        answer(fleet, look),
      ]);
      if (after !== before) told.push(`${sql}: ${before} became ${after}`);
    }

    expect(told).toEqual([]);
  });
});

/** What the other tenant is told. */
function answer({ tenancy, db, globex }: Fleet, sql: string): Promise<string> {
  return tenancy
    .run(globex, () => db.em().execute(sql))
    .then((rows) => JSON.stringify(rows))
    .catch((error: Error) => error.message);
}

/** Where roles are to be kept some of it is not sent at all. */
function refused(error: unknown): void {
  expect(error).toMatchObject({ code: "UNSCOPED_SQL" });
}
