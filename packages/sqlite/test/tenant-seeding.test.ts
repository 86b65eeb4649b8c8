import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SeedingPlace, tenantSeedingContract } from "@af-tenancy/testing";
import { startSeeded } from "./start-seeded.ts";
import { startWorker } from "./start-worker.ts";

tenantSeedingContract("sqlite", { create: () => makePlace("database"), waitsForLocks: true });
tenantSeedingContract("sqlite, shared tables", {
  create: () => makePlace("row"),
  leftOut: { processes: "the same lock on a file as in a tenant's own" },
});

function makePlace(strategy: "database" | "row"): SeedingPlace {
  const place = { folder: mkdtempSync(join(tmpdir(), "af-tenancy-seeding-")), strategy };
  const closing: (() => Promise<void>)[] = [];
  return {
    async start(makeSeeders) {
      const site = await startSeeded(place, makeSeeders);
      closing.push(() => site.tenancy.close());
      return site;
    },
    seedInProcess(tenant, seeder) {
      const worker = startWorker("seed-tenant", JSON.stringify({ place, tenant, seeder }));
      return {
        begun: async () => void (await once(worker.process.stdout as never, "data")),
        kill: async () => void (await worker.kill()),
      };
    },
    async remove() {
      for (const close of closing) await close();
      rmSync(place.folder, { recursive: true });
    },
  };
}
