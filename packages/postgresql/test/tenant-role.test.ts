import { describe, expect, it } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { withServer } from "./server.ts";

describe.skipIf(withServer !== "")(`the role of a tenant with a schema${withServer}`, () => {
  it("F088: is put off by no statement that says so, whatever the way", async () => {
    const { db, tenancy, acme, globex } = await startFleet({ strategy: "schema", users: true });
    const theirs = `select text from "${globex.placement?.name}".note`;
    await tenancy.run(globex, () => db.em().insert(Note, { id: 1, text: "theirs" }));
    await tenancy.run(acme, () => db.em().insert(Note, { id: 1, text: "ours; reset role" }));

    for (const sql of [
      `reset role; ${theirs}`,
      `set role "${globex.placement?.name}"; ${theirs}`,
      `set local role none; ${theirs}`,
      `set session authorization default; ${theirs}`,
      `commit; ${theirs}`,
      "select set_config('role', 'none', true)",
    ]) {
      const attempts = await tenancy.run(acme, () =>
        Promise.allSettled([
          db.em().execute(sql),
          db.em().transactional((em) => em.execute(sql)),
          db.em({ lane: "bulk" }).execute(sql),
        ]),
      );
      for (const attempt of attempts) {
        expect(attempt, sql).toMatchObject({ reason: { code: "UNSCOPED_SQL" } });
      }
    }
    const read = () => db.em().execute("select text, current_user as me from note");
    expect(await tenancy.run(acme, read)).toEqual([
      { text: "ours; reset role", me: acme.placement?.name },
    ]);
  });

  it("is nobody's where tenants have no users, whose SQL may say all that", async () => {
    const { db, tenancy, acme } = await startFleet({ strategy: "schema" });

    await tenancy.run(acme, () => db.em().execute("reset role"));
  });
});
