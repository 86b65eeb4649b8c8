import { expect, it } from "vitest";
import { rejectionCode } from "../suite/code-of.ts";
import { forThisTest } from "../suite/for-this-test.ts";
import type { DatabaseManagerHarness, MakeDatabaseManager } from "./database-manager-harness.ts";

/** Checks that a database which nobody is known to own is left alone. */
export function unmarkedTests(make: MakeDatabaseManager, harness: DatabaseManagerHarness): void {
  it("F058: neither adopts nor drops a database without a marker", async () => {
    expect(harness.makeUnmarked, "makeUnmarked, or a reason in leftOut").toBeDefined();
    const { manager, database } = await make();
    const taken = database();
    await forThisTest(
      () => harness.makeUnmarked?.(taken, manager),
      () => harness.dropUnmarked?.(taken, manager),
    );

    const created = await rejectionCode(manager.create(taken));
    const dropped = await rejectionCode(manager.drop(taken));

    expect([created, dropped]).toEqual(["DATABASE_OWNED", "DATABASE_OWNED"]);
    const state = await manager.inspect(taken);
    expect(state).toBeDefined();
    expect(state?.owner).toBeUndefined();
  });
}
