import type { PlacementStrategy, TenantDatabase } from "@af-tenancy/core";
import { databaseManagerContract } from "@af-tenancy/testing";
import { describe } from "vitest";
import { makeManager, placementOf } from "./managers.ts";
import { asAdmin, withServer } from "./server.ts";

describe.skipIf(withServer !== "")(`every manager${withServer}`, { timeout: 30_000 }, () => {
  for (const strategy of ["database", "schema"] as const) {
    for (const users of [false, true]) {
      databaseManagerContract(`PostgreSQL, ${strategy}${users ? ", with users" : ""}`, {
        create: () => makeManager({ users }),
        place: (id, generation) => placementOf(strategy, users, id, generation),
        makeUnmarked: async (database) =>
          void (await asAdmin(`create ${thing(strategy, database)}`)),
        dropUnmarked: async (database) =>
          void (await asAdmin(
            `drop ${thing(strategy, database)}${strategy === "schema" ? " cascade" : ""}`,
          )),
        badNames: [
          "postgres",
          "template0",
          "TEMPLATE1",
          "information_schema",
          "public",
          "pg_x",
          "x".repeat(64),
          "-x",
        ],
        leftOut: {
          rows: "isolation.test.ts writes rows through the entity manager",
          ...(users ? asWithoutUsers : {}),
        },
      });
    }
  }
});

/** What a user of its own changes nothing about; a rival's claim would fail on the other's sealed password. */
const asWithoutUsers = {
  "owner marker": "looked at without users",
  "unmarked databases": "looked at without users",
};

function thing(strategy: PlacementStrategy, { placement }: TenantDatabase): string {
  return `${strategy} "${placement.name}"`;
}
