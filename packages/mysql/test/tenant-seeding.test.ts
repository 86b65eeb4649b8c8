import type { PlacementStrategy } from "@af-tenancy/core";
import { type SeedingPlace, seedInProcess, tenantSeedingContract } from "@af-tenancy/testing";
import { describe } from "vitest";
import { admin, missing, server, uniqueName } from "./server.ts";
import { startSeeded } from "./start-seeded.ts";

describe.skipIf(missing)("with a server", () => {
  tenantSeedingContract("mariadb, database", { create: () => makePlace("database") });
  tenantSeedingContract("mariadb, row", {
    create: () => makePlace("row"),
    leftOut: {
      transactions: "the same as in a database",
      rows: "the same transactions as in a database",
      processes: "the same lock on a row as in a database",
    },
  });
});

const script = new URL("./workers/seed-tenant.ts", import.meta.url);

function makePlace(strategy: PlacementStrategy): SeedingPlace {
  const sharedDatabase = uniqueName("shared");
  const place = { connection: server, strategies: [strategy], sharedDatabase };
  const closing: (() => Promise<void>)[] = [];
  return {
    async start(makeSeeders) {
      const site = await startSeeded(place, makeSeeders);
      closing.push(() => site.tenancy.close());
      return site;
    },
    seedInProcess: (tenant, seeder) => seedInProcess(script, { place, tenant, seeder }),
    async remove() {
      for (const close of closing) await close();
      await admin(`drop database if exists ${sharedDatabase}`);
    },
  };
}
