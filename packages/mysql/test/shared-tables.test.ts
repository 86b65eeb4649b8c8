import { sharedTablesContract } from "@af-tenancy/testing";
import { describe } from "vitest";
import { missing } from "./server.ts";
import { startSharedTables } from "./start-shared-tables.ts";

describe.skipIf(missing)("with a server", () => {
  sharedTablesContract("mariadb", { start: startSharedTables, rawSql: "refused", scale: 0.3 });
});
