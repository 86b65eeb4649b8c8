import { randomUUID } from "node:crypto";
import type { TenantDatabase } from "@af-tenancy/core";
import { mysql } from "@af-tenancy/mysql";
import { describe, expect, it } from "vitest";
import { Author, Note } from "./entities.ts";
import { admin, missing, noteDatabase, server } from "./server.ts";

describe.skipIf(missing)("adopting a database", () => {
  it("F058: adopts no registry, and changes nothing in it", async () => {
    const { manager, database } = await found();
    const { name } = database.placement;
    await admin("create table physical_databases (name text)", name);

    await expect(manager.adopt?.(database)).rejects.toMatchObject({ code: "DATABASE_OWNED" });

    expect((await manager.inspect(database))?.owner).toBeUndefined();
  });

  it("F051: goes on where a crash left it before the marker, or with its table only", async () => {
    const { manager, database } = await found();
    const { name } = database.placement;
    await manager.adopt?.(database);
    await admin("drop table _tenancy_owner", name);

    await manager.adopt?.(database);
    expect(await admin("select generation from _tenancy_owner", name)).toEqual([{ generation: 1 }]);
    await admin("drop table _tenancy_owner", name);
    await manager.adopt?.(generation(database, 2));
    expect((await manager.inspect(database))?.owner?.generation).toBe(2);
    await admin("delete from _tenancy_owner", name);
    await manager.adopt?.(generation(database, 3));

    expect((await manager.inspect(database))?.owner).toEqual({
      tenantId: database.tenantId,
      generation: 3,
    });
    expect(await admin("select text from note", name)).toEqual([{ text: "kept" }]);
  });

  it("F058: is nobody else's while only its comment says whose it is", async () => {
    const { manager, database } = await found();
    await manager.adopt?.(database);
    await admin("drop table _tenancy_owner", database.placement.name);

    await expect(manager.adopt?.({ ...database, tenantId: "another" })).rejects.toMatchObject({
      code: "DATABASE_OWNED",
    });
  });

  it("adopts nothing where tenants have users, and no database of the server", async () => {
    const { manager, database, db } = await found();
    const { placement } = database;
    const own = { ...placement, name: "mysql" };

    expect(db(true).manager(placement).adopt).toBeUndefined();
    await expect(manager.adopt?.({ ...database, placement: own })).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
  });
});

/** A database that is nobody's, with one note in it. */
async function found() {
  const name = await noteDatabase("kept");
  const tenantId = randomUUID();
  const db = (users = false) =>
    mysql({ connection: server, flavour: "mariadb", entities: [Note, Author], users });
  const database: TenantDatabase = { tenantId, placement: db().place(tenantId, 1, { name }) };
  return { db, database, manager: db().manager(database.placement) };
}

function generation({ tenantId, placement }: TenantDatabase, number: number): TenantDatabase {
  return { tenantId, placement: { ...placement, generation: number } };
}
