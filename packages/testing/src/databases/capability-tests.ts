import { expect, it } from "vitest";
import type { MakeDatabaseManager } from "./database-manager-harness.ts";

/** Checks what a manager says of itself. */
export function capabilityTests(make: MakeDatabaseManager): void {
  it("names its driver as its placements do", async () => {
    const { manager, database } = await make();

    expect(manager.driver).not.toBe("");
    expect(database().placement.driver).toBe(manager.driver);
  });

  it("knows the strategy of its placements", async () => {
    const { manager, database } = await make();

    expect(manager.capabilities.strategies).toContain(database().placement.strategy);
  });

  it("says yes or no to every capability", async () => {
    const { capabilities } = (await make()).manager;

    const { transactionalDdl, users, templates, rename } = capabilities;
    for (const capability of [transactionalDdl, users, templates, rename]) {
      expect(capability).toBeTypeOf("boolean");
    }
  });
}
