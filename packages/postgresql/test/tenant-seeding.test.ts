import type { PlacementStrategy } from "@af-tenancy/core";
import { type SeedingPlace, tenantSeedingContract } from "@af-tenancy/testing";
import { describe } from "vitest";
import { seedInProcess } from "./seed-in-process.ts";
import { asAdmin, server, uniqueName, withServer } from "./server.ts";
import { startSeeded } from "./start-seeded.ts";

describe.skipIf(withServer !== "")(`with a server${withServer}`, () => {
  tenantSeedingContract("postgresql, schema", { create: () => makePlace("schema") });
  tenantSeedingContract("postgresql, database", {
    create: () => makePlace("database"),
    leftOut: {
      transactions: "the same as in a schema",
      rows: "the same transactions as in a schema",
      refusals: "the same as in a schema",
      processes: "the same lock on a row as in a schema",
    },
  });
  tenantSeedingContract("postgresql, row", {
    create: () => makePlace("row"),
    leftOut: {
      transactions: "the same as in a schema",
      rows: "the same transactions as in a schema",
      processes: "the same lock on a row as in a schema",
    },
  });
});

function makePlace(strategy: PlacementStrategy): SeedingPlace {
  const [sharedSchema, sharedRole] = [uniqueName("shared"), uniqueName("rows")];
  const shared = strategy === "row" && { sharedSchema, sharedRole };
  const place = { connection: server, strategies: [strategy], ...shared };
  const closing: (() => Promise<void>)[] = [];
  return {
    async start(makeSeeders) {
      const site = await startSeeded(place, makeSeeders);
      closing.push(() => site.tenancy.close());
      return site;
    },
    seedInProcess: (tenant, seeder) => seedInProcess({ place, tenant, seeder }),
    async remove() {
      for (const close of closing) await close();
      if (strategy !== "row") return;
      await asAdmin(
        `drop schema if exists "${sharedSchema}" cascade; drop owned by "${sharedRole}"; drop role "${sharedRole}"`,
      );
    },
  };
}
