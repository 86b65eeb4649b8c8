import { tenantMigrationsContract, testScale } from "@af-tenancy/testing";
import { describe } from "vitest";
import { makePlace } from "./migration-place.ts";
import { withServer } from "./server.ts";

const isShort = testScale() < 1;

describe.skipIf(withServer !== "")(`with a server${withServer}`, () => {
  for (const strategy of ["schema", "database", "row"] as const) {
    tenantMigrationsContract(`postgresql, ${strategy}`, {
      transactionalDdl: true,
      shared: strategy === "row",
      create: () => makePlace(strategy),
      leftOut: {
        ...(strategy !== "schema" && { failures: "the same transaction as in a schema" }),
        ...(strategy === "database" && isShort && { status: "the same statements as in a schema" }),
      },
    });
  }
});
