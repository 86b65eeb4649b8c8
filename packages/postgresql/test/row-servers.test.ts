import type { TenantRecord } from "@af-tenancy/core";
import { RowsExposedError } from "@af-tenancy/database";
import type { PostgresqlConnectionSettings, PostgresqlOptions } from "@af-tenancy/postgresql";
import { describe, expect, it, onTestFinished } from "vitest";
import { asAdmin, uniqueName, withServer } from "./server.ts";
import { type SharedSite, startSharedTables } from "./start-shared-tables.ts";

const exposed = "alter table note no force row level security";
const kept = "alter table note force row level security";

describe.skipIf(withServer !== "")(`shared tables on several servers${withServer}`, () => {
  it("C030: makes and serves rows where the placement says, and only there", async () => {
    const { site, there: ask } = await startOnTwo(listed);
    const { here, there } = await withNotes(site);
    const owners = "select tenant_id as id from _tenancy_owner";

    expect(await site.admin(owners)).toEqual([{ id: here.id }]);
    expect(await ask(owners)).toEqual([{ id: there.id }]);
    for (const tenant of [here, there]) {
      const read = await site.run(tenant, (em) => em.execute("select text from note"));
      expect(read).toEqual([{ text: tenant.id }]);
    }
    await site.drop(there);
    expect(await ask(owners)).toEqual([]);
    expect(await site.admin(owners)).toEqual([{ id: here.id }]);
  });

  it("F088: does not start while a further server exposes rows, and names it", async () => {
    const { site, there, again } = await startOnTwo(listed);
    await withNotes(site);

    await there(exposed);

    await expect(again()).rejects.toThrow(RowsExposedError);
    await expect(again()).rejects.toThrow('"eu"');
    await there(kept);
    await (await again()).tenancy.close();
  });

  it("F088: serves nobody on a server that is found by its name until that is proven too", async () => {
    const { site, there: ask, again } = await startOnTwo(found);
    const { here, there } = await withNotes(site);
    await ask(exposed);

    const { run, tenancy, entities } = await again();
    onTestFinished(() => tenancy.close());
    const count = (tenant: TenantRecord) => run(tenant, (em) => em.count(entities.Note));

    for (let attempt = 1; attempt <= 2; attempt++) {
      const [ofHere, ofThere] = await Promise.allSettled([count(here), count(there)]);
      expect(ofHere).toMatchObject({ value: 1 });
      expect(ofThere).toMatchObject({ reason: { code: "ROWS_EXPOSED" } });
    }
    await ask(kept);
    expect(await Promise.all([count(there), count(there)])).toEqual([1, 1]);
  });
});

type Servers = NonNullable<PostgresqlOptions["servers"]>;

function listed(eu: PostgresqlConnectionSettings): Servers {
  return { eu };
}

function found(eu: PostgresqlConnectionSettings): Servers {
  return (name) => (name === "eu" ? eu : undefined);
}

/** Starts an application with a second server, which is another database of the first. */
async function startOnTwo(serversOf: (eu: PostgresqlConnectionSettings) => Servers) {
  const database = uniqueName("eu");
  await asAdmin(`create database "${database}"`);
  const servers = serversOf({ database });
  const site = await startSharedTables({ servers });
  onTestFinished(async () => {
    await asAdmin(`drop database "${database}" with (force)`);
    await site.close();
  });
  const { schema: sharedSchema, role: sharedRole } = site;
  return {
    site,
    there: (sql: string) => asAdmin(`set search_path to "${sharedSchema}"; ${sql}`, database),
    /** Starts another application on the same tables. */
    again: () => startSharedTables({ servers, sharedSchema, sharedRole }),
  };
}

/** One tenant on each server, each with a note of the same key. */
async function withNotes(site: SharedSite) {
  const here = await site.add();
  const there = await site.add({ server: "eu" });
  for (const tenant of [here, there]) {
    await site.run(tenant, (em) => em.insert(site.entities.Note, { id: 1, text: tenant.id }));
  }
  return { here, there };
}
