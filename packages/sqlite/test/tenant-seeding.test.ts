import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SeedingPlace, seedInProcess, tenantSeedingContract } from "@af-tenancy/testing";
import { startSeeded } from "./start-seeded.ts";

tenantSeedingContract("sqlite", { create: () => makePlace("database"), waitsForLocks: true });
tenantSeedingContract("sqlite, shared tables", {
  create: () => makePlace("row"),
  leftOut: { processes: "the same lock on a file as in a tenant's own" },
});

const script = new URL("./workers/seed-tenant.ts", import.meta.url);

function makePlace(strategy: "database" | "row"): SeedingPlace {
  const place = { folder: mkdtempSync(join(tmpdir(), "af-tenancy-seeding-")), strategy };
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
      rmSync(place.folder, { recursive: true });
    },
  };
}
