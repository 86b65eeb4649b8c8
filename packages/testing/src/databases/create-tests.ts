import { expect, it } from "vitest";
import { outcomes } from "../suite/outcomes.ts";
import type { MakeDatabaseManager } from "./database-manager-harness.ts";

/** Checks how a manager makes databases. */
export function createTests(make: MakeDatabaseManager): void {
  it("C026: makes a database that was not there", async () => {
    const { manager, database } = await make();
    const created = database();
    const before = await manager.inspect(created);

    await manager.create(created);

    const after = await manager.inspect(created);
    expect(before).toBeUndefined();
    expect(after?.owner).toEqual({ tenantId: created.tenantId, generation: 1 });
    expect(after?.bytes).toBeGreaterThanOrEqual(0);
  });

  it("does nothing when its owner made it before", async () => {
    const { manager, database } = await make();
    const created = database();
    await manager.create(created);

    await manager.create(created);

    expect((await manager.inspect(created))?.owner?.tenantId).toBe(created.tenantId);
  });

  it("makes one database when its owner asks eight times at once", async () => {
    const { manager, database } = await make();
    const created = database();

    const { errors } = await outcomes(
      Array.from({ length: 8 }, () => () => manager.create(created)),
    );

    expect(errors).toEqual([]);
    expect((await manager.inspect(created))?.owner?.tenantId).toBe(created.tenantId);
    await manager.drop(created);
    expect(await manager.inspect(created)).toBeUndefined();
  });

  it("F056: makes the databases of eight tenants at once", async () => {
    const { manager, database } = await make();
    const created = Array.from({ length: 8 }, () => database());

    const { errors } = await outcomes(created.map((one) => () => manager.create(one)));

    expect(errors).toEqual([]);
    for (const one of created) {
      expect((await manager.inspect(one))?.owner?.tenantId).toBe(one.tenantId);
    }
  });
}
