import { ReadOnlyManagerError } from "@af-tenancy/database";
import { describe, expect, it } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { missing } from "./server.ts";

describe.skipIf(missing)("readers", () => {
  it.each([
    "commit",
    "/*! commit */",
    "/*M! commit */",
    "# done\ncommit",
    "if 1 then commit; end if",
    "analyze table note",
  ])("get nothing written behind %j", async (text) => {
    const { tenancy, db, acme, globex } = await startFleet();
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
