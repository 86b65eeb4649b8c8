import { afterEach, describe, expect, it } from "vitest";
import { cannotStart, withOwnServer } from "./own-server.ts";
import { admin, missing, server } from "./server.ts";
import { siteForTest } from "./start-shared-tables.ts";

describe.skipIf(missing ?? cannotStart)("shared tables on a server of one's own", () => {
  const own = withOwnServer();
  afterEach(async () => void (await admin("set global sql_mode = default", undefined, own.port)));

  it("C030: makes and serves rows where the placement says, and only there", async () => {
    const site = await siteForTest({ servers: { eu: { port: own.port } } });
    const { databases, entities, run, shared } = site;
    const here = await site.add();
    const there = await site.add({ server: "eu" });
    for (const tenant of [here, there]) {
      await run(tenant, (em) => em.insert(entities.Note, { id: 1, text: tenant.id }));
    }
    const ownersOn = async (one: number) =>
      (await admin<{ id: string }>("select tenant_id as id from _tenancy_owner", shared, one)).map(
        ({ id }) => id,
      );

    expect(await ownersOn(server.port)).toEqual([here.id]);
    expect(await ownersOn(own.port)).toEqual([there.id]);
    await site.drop(there);
    expect(await ownersOn(own.port)).toEqual([]);
    expect(await run(here, (em) => em.fork().find(entities.Note, {}))).toHaveLength(1);
    expect(() => databases.place(here.id, 1, { server: "us" })).toThrow("us");
  });

  it.each(["NO_BACKSLASH_ESCAPES", "ANSI_QUOTES", "ANSI"])(
    "C130: does not serve from a server on which texts end elsewhere: %s",
    async (mode) => {
      const site = await siteForTest({ connection: own });
      await admin(`set global sql_mode = '${mode}'`, undefined, own.port);

      const added = site.add();

      await expect(added).rejects.toMatchObject({ code: "INVALID_CONFIGURATION" });
      await expect(added).rejects.toThrow("sql_mode");
    },
  );
});
