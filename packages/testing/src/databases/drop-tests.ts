import { expect, it } from "vitest";
import { outcomes } from "../suite/outcomes.ts";
import type { MakeDatabaseManager } from "./database-manager-harness.ts";

/** Checks how a manager removes databases. */
export function dropTests(make: MakeDatabaseManager): void {
  it("C026: removes a database", async () => {
    const { manager, database } = await make();
    const dropped = database();
    await manager.create(dropped);

    await manager.drop(dropped);

    expect(await manager.inspect(dropped)).toBeUndefined();
  });

  it("F059: is content when the database is not there, or no longer", async () => {
    const { manager, database } = await make();
    const [never, dropped] = [database(), database()];
    await manager.create(dropped);

    await manager.drop(never);
    await manager.drop(dropped);
    await manager.drop(dropped);

    expect(await manager.inspect(dropped)).toBeUndefined();
  });

  it("removes a database once when it is asked several times at once", async () => {
    const { manager, database } = await make();
    const dropped = database();
    await manager.create(dropped);

    const { errors } = await outcomes(Array.from({ length: 4 }, () => () => manager.drop(dropped)));

    expect(errors).toEqual([]);
    expect(await manager.inspect(dropped)).toBeUndefined();
  });

  it("leaves the databases of other tenants alone", async () => {
    const { manager, database } = await make();
    const [dropped, other] = [database(), database()];
    await manager.create(dropped);
    await manager.create(other);

    await manager.drop(dropped);

    expect((await manager.inspect(other))?.owner?.tenantId).toBe(other.tenantId);
  });

  it("makes a removed database anew", async () => {
    const { manager, database } = await make();
    const again = database();
    await manager.create(again);
    await manager.drop(again);

    await manager.create(again);

    expect((await manager.inspect(again))?.owner?.tenantId).toBe(again.tenantId);
  });
}
