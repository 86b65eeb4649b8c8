import { join } from "node:path";
import type { TenantDatabase } from "@af-tenancy/core";
import { sqlite } from "@af-tenancy/sqlite";
import { MikroORM } from "@mikro-orm/sqlite";
import { expect, it } from "vitest";
import { sqliteFiles } from "../src/sqlite-files.ts";
import { SqliteManager } from "../src/sqlite-manager.ts";
import { Author, Note } from "./entities.ts";
import { temporaryFolder } from "./temporary-folder.ts";

it("makes sound files, each with its owner in the marker and in the index of it, also at the same time", async () => {
  const folder = temporaryFolder();
  const db = sqlite({ folder, entities: [Note, Author] });
  const ids = ["a", "b", "é", "acme", "0042", "globex", "x".repeat(64), "c"];
  const owners = ids.flatMap((tenantId) =>
    [1, 2, 300, 1].map((generation, index) => ({
      tenantId,
      placement: db.place(tenantId, generation, { name: nameOf(tenantId, index) }),
    })),
  );

  await Promise.all(owners.map((owner) => db.manager(owner.placement).create(owner)));

  for (const { tenantId, placement } of owners) {
    const { generation, name } = placement;
    expect(await read(join(folder, `${name}.sqlite`), tenantId)).toEqual([
      [{ integrity_check: "ok" }],
      [{ tenant_id: tenantId, generation, canary: 0 }],
      [{ found: tenantId }],
    ]);
  }
});

it("tells once of a file that was made with all its tables, and never of one that was there or lacks them", async () => {
  const folder = temporaryFolder();
  const db = sqlite({ folder, entities: [Note, Author] });
  const [acme, globex] = ["acme", "globex"].map((tenantId) => ({
    tenantId,
    placement: db.place(tenantId, 1),
  })) as [TenantDatabase, TenantDatabase];
  const filling = (...statements: readonly string[]) => {
    const manager = new SqliteManager(sqliteFiles(), folder);
    manager.copies({ fingerprint: async () => "", statements: async () => statements });
    return manager;
  };
  const manager = filling("create table note (id integer primary key)");
  const refused = filling("create table note (id integer primary key", "create table author (id)");

  await manager.create(acme);
  const told = [globex, acme, acme].map((database) => manager.isFinished(database));
  await manager.create(acme);
  await refused.create(globex);

  expect(told).toEqual([false, true, false]);
  expect([manager.isFinished(acme), refused.isFinished(globex)]).toEqual([false, false]);
});

function nameOf(tenantId: string, index: number): string {
  return `t_${Buffer.from(tenantId).toString("hex").slice(0, 20)}_${index}`;
}

async function read(dbName: string, tenantId: string) {
  const orm = new MikroORM({ dbName, entities: [], discovery: { warnWhenNoEntities: false } });
  const em = orm.em.fork();
  try {
    return [
      await em.execute("pragma integrity_check"),
      await em.execute("select * from _tenancy_owner not indexed"),
      await em.execute("select tenant_id as found from _tenancy_owner where tenant_id = ?", [
        tenantId,
      ]),
    ];
  } finally {
    await orm.close();
  }
}
