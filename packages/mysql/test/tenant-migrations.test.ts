import { tenantMigrationsContract } from "@af-tenancy/testing";
import { describe } from "vitest";
import { makePlace } from "./migration-place.ts";
import { missing } from "./server.ts";

describe.skipIf(missing)("with a server", () => {
  for (const strategy of ["database", "row"] as const) {
    tenantMigrationsContract(`mariadb, ${strategy}`, {
      transactionalDdl: false,
      shared: strategy === "row",
      create: () => makePlace(strategy),
      leftOut: strategy === "row" ? { failures: "the same marks as in a database" } : {},
    });
  }
});
