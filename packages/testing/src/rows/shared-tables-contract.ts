import type { Tenant } from "@af-tenancy/core";
import { afterAll, beforeAll, describe } from "vitest";
import { randomOperationTests } from "./random-operation-tests.ts";
import { rawSqlTests } from "./raw-sql-tests.ts";
import { readingTests } from "./reading-tests.ts";
import { rowManagerTests } from "./row-manager-tests.ts";
import type { SharedTables, SharedTablesHarness } from "./shared-tables-harness.ts";
import { writingTests } from "./writing-tests.ts";

/** What one test of the contract works with: two tenants of its own. */
export interface SharedTablesSubject extends SharedTables {
  readonly acme: Tenant;
  readonly globex: Tenant;
}

/** Makes what one test works with. */
export type MakeSharedTables = () => Promise<SharedTablesSubject>;

/**
 * Checks that tenants who share tables see, change and refer to their own rows only, whichever way the application takes
 * and although their rows have the same keys.
 *
 * @example sharedTablesContract("sqlite", { start: startSharedTables, rawSql: "refused" });
 */
export function sharedTablesContract(name: string, harness: SharedTablesHarness): void {
  describe(`shared tables: ${name}`, () => {
    const started: SharedTables[] = [];
    beforeAll(async () => void started.push(await harness.start()));
    afterAll(() => started[0]?.close());

    const make: MakeSharedTables = async () => {
      const tables = started[0] as SharedTables;
      return { ...tables, acme: await tables.add(), globex: await tables.add() };
    };
    describe("making and removing", () => rowManagerTests(name, () => started[0] as SharedTables));
    describe("reading", () => readingTests(make));
    describe("writing", () => writingTests(make));
    describe("raw SQL", () => rawSqlTests(make, harness.rawSql));
    describe("random operations", () => randomOperationTests(make, harness.scale ?? 1));
  });
}
