import { sharedTablesContract } from "@af-tenancy/testing";
import { describe } from "vitest";
import { withServer } from "./server.ts";
import { startSharedTables } from "./start-shared-tables.ts";

describe.skipIf(withServer !== "")(`with a server${withServer}`, () => {
  sharedTablesContract("postgresql", { start: startSharedTables, rawSql: "scoped", scale: 0.5 });
});
