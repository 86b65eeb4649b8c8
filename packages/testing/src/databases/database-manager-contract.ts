import { randomUUID } from "node:crypto";
import { describe, onTestFinished } from "vitest";
import { forThisTest } from "../suite/for-this-test.ts";
import { group } from "../suite/group.ts";
import { adoptTests } from "./adopt-tests.ts";
import { capabilityTests } from "./capability-tests.ts";
import { createTests } from "./create-tests.ts";
import type { DatabaseManagerHarness, MakeDatabaseManager } from "./database-manager-harness.ts";
import { dropTests } from "./drop-tests.ts";
import { nameTests } from "./name-tests.ts";
import { ownerTests } from "./owner-tests.ts";
import { renameTests } from "./rename-tests.ts";
import { rowTests } from "./row-tests.ts";
import { unmarkedTests } from "./unmarked-tests.ts";

/**
 * Checks that a driver makes, drops and guards databases as every `TenantDatabaseManager` must. The groups `rows`,
 * `unmarked databases` and `adopt` need `rows` and `makeUnmarked`, or a reason in `leftOut`.
 *
 * @example
 * databaseManagerContract("sqlite", {
 *   create: () => sqliteManager({ directory }),
 *   place: (id, generation) => databases.place(id, generation),
 *   rows: { write, read },
 *   makeUnmarked: ({ placement }) => writeFile(join(directory, placement.name), ""),
 * });
 */
export function databaseManagerContract(name: string, harness: DatabaseManagerHarness): void {
  const { leftOut } = harness;
  const make: MakeDatabaseManager = async () => {
    const manager = await forThisTest(
      () => harness.create(),
      (one) => harness.destroy?.(one),
    );
    return {
      manager,
      database(generation = 1) {
        const tenantId = randomUUID();
        const database = { tenantId, placement: harness.place(tenantId, generation) };
        onTestFinished(async () => {
          const owner = (await manager.inspect(database))?.owner;
          if (owner?.tenantId === tenantId) await manager.drop(database);
        });
        return database;
      },
    };
  };

  describe(`database manager: ${name}`, () => {
    group("capabilities", leftOut, () => capabilityTests(make));
    group("create", leftOut, () => createTests(make));
    group("drop", leftOut, () => dropTests(make));
    group("owner marker", leftOut, () => ownerTests(make));
    group("unmarked databases", leftOut, () => unmarkedTests(make, harness));
    group("adopt", leftOut, () => adoptTests(make, harness));
    group("names", leftOut, () => nameTests(make, harness.badNames));
    group("rename", leftOut, () => renameTests(make, harness.rows));
    group("rows", leftOut, () => rowTests(make, harness.rows));
  });
}
