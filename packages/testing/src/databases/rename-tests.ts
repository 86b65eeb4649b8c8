import type { TenantDatabase } from "@af-tenancy/core";
import { expect, it, onTestFinished } from "vitest";
import { rejectionCode } from "../suite/code-of.ts";
import type { DatabaseRows, MakeDatabaseManager } from "./database-manager-harness.ts";

/** Checks that a manager renames where it says so, and that a renamed database keeps its owner and its rows. */
export function renameTests(make: MakeDatabaseManager, rows: DatabaseRows | undefined): void {
  it("has a way to rename exactly where it says so", async () => {
    const { manager } = await make();

    expect(manager.rename !== undefined).toBe(manager.capabilities.rename);
  });

  it("gives a database another name, under which it is its owner's with all its rows", async () => {
    const { manager, database } = await make();
    if (manager.rename === undefined) return expect(manager.capabilities.rename).toBe(false);
    const [before, other] = [database(), database()];
    const after = named(before, `${before.placement.name}_new`);
    onTestFinished(() => manager.drop(after));
    for (const one of [before, other]) {
      await manager.create(one);
      await rows?.write(one, 1, one.tenantId);
    }

    await manager.rename(before, after.placement.name);
    await manager.rename(before, after.placement.name); // repeated after a crash, it does nothing

    expect(await manager.inspect(before)).toBeUndefined();
    expect((await manager.inspect(after))?.owner?.tenantId).toBe(before.tenantId);
    if (rows === undefined) return;
    expect(await rows.read(other, 1)).toBe(other.tenantId);
    expect(await rows.read(after, 1)).toBe(before.tenantId);
  });

  it("takes nobody's database for another's, and no name that somebody has", async () => {
    const { manager, database } = await make();
    if (manager.rename === undefined) return expect(manager.capabilities.rename).toBe(false);
    const [own, other] = [database(), database()];
    for (const one of [own, other]) await manager.create(one);
    const { name } = own.placement;

    const onto = await rejectionCode(manager.rename(own, other.placement.name));
    const stolen = await rejectionCode(
      manager.rename({ ...own, tenantId: other.tenantId }, `${name}_new`),
    );

    expect([onto, stolen]).toEqual(["DATABASE_OWNED", "DATABASE_OWNED"]);
    for (const one of [own, other]) {
      expect((await manager.inspect(one))?.owner?.tenantId).toBe(one.tenantId);
    }
  });
}

function named({ tenantId, placement }: TenantDatabase, name: string): TenantDatabase {
  return { tenantId, placement: { ...placement, name } };
}
