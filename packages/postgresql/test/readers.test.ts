import { ReadOnlyManagerError } from "@af-tenancy/database";
import { describe, expect, it } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { withServer } from "./server.ts";

describe.skipIf(withServer !== "").each([
  ["databases", "database"],
  ["schemas", "schema"],
] as const)(`readers of tenants in %s${withServer}`, (_, strategy) => {
  it.each([
    "commit",
    "select 1 /* ' */; commit; select 1 /* ' */",
    "select 1 -- '\n; commit; select 1 -- '",
    "/* a /* b */ */ commit",
    "select set_config('standard_conforming_strings', 'off', false); select '\\'' ; commit; select '\\''",
  ])("get nothing written behind %j", async (text) => {
    const { tenancy, db, acme, globex } = await startFleet({ strategy });
    for (const tenant of [acme, globex]) {
      await tenancy.run(tenant, () => db.em().insert(Note, { id: 1, text: tenant.slug }));
    }

    await tenancy.run(acme, () =>
      db.readOnly().transactional(async (em) => {
        await expect(em.execute(text)).rejects.toThrow(ReadOnlyManagerError);
        await expect(em.execute("update note set text = 'written'")).rejects.toThrow(
          ReadOnlyManagerError,
        );
      }),
    );

    const read = () => tenancy.run(acme, () => db.em().findOneOrFail(Note, 1));
    expect((await read()).text).toBe(acme.slug);
  });
});
