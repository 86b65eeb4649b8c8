import { tenantRecord } from "@af-tenancy/testing";
import { describe, expect, it, vi } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { admin, missing } from "./server.ts";
import { siteForTest } from "./start-shared-tables.ts";

describe.skipIf(missing)("connections that are opened anew for a warm tenant", () => {
  it("find that its database is another's by now", async () => {
    const { tenancy, db, acme, globex } = await startFleet();
    for (const tenant of [acme, globex]) {
      await tenancy.run(tenant, () => db.em().insert(Note, { id: 1, text: tenant.slug }));
    }
    const own = acme.placement.name;

    await admin(`update \`${own}\`._tenancy_owner set tenant_id = '${globex.id}'`);
    await cut([own, globex.placement.name]);
    await vi.waitFor(() => expect(db.stats()).toMatchObject([{ open: 0, closing: 0 }]));

    const found = await tenancy.run(globex, () => db.em().find(Note, {}));
    expect(found.map(({ text }) => text)).toEqual(["globex"]);
    for (let time = 0; time < 2; time++) {
      await expect(tenancy.run(acme, () => db.em().find(Note, {}))).rejects.toMatchObject({
        code: "DATABASE_MISMATCH",
      });
    }
    await admin(`update \`${own}\`._tenancy_owner set tenant_id = '${acme.id}'`);
  });

  it("find that its rows in shared tables are another generation's by now", async () => {
    const { run, add, db, entities, shared } = await siteForTest();
    const [acme, globex] = [await add(), await add()];
    for (const tenant of [acme, globex]) {
      await run(tenant, (em) => em.insert(entities.Note, { id: 1, text: tenant.id }));
    }

    await admin(
      `update \`${shared}\`._tenancy_owner set generation = 2 where tenant_id = '${acme.id}'`,
    );
    await cut([shared]);
    await vi.waitFor(() => expect(db.stats()).toMatchObject([{ open: 0, closing: 0 }]));

    const found = await run(globex, (em) => em.find(entities.Note, {}));
    expect(found).toMatchObject([{ text: globex.id }]);
    const refused = run(tenantRecord(acme), (em) => em.find(entities.Note, {}));
    await expect(refused).rejects.toMatchObject({ code: "DATABASE_MISMATCH" });
  });
});

/** Ends every connection to the databases, as a restart of the server does. */
async function cut(names: readonly string[]): Promise<void> {
  const list = names.map((name) => `'${name}'`).join();
  const open = await admin<{ readonly id: number }>(
    `select id from information_schema.processlist where db in (${list}) and id <> connection_id()`,
  );
  for (const { id } of open) await admin(`kill ${id}`);
}
