import type { PlacementStrategy } from "@af-tenancy/core";
import type { MikroOrmDatabases } from "@af-tenancy/database";
import {
  acme,
  globex,
  type SeedingPlace,
  seedInProcess,
  tenantRecord,
  tenantSeedingContract,
} from "@af-tenancy/testing";
import { describe, expect, it, onTestFinished } from "vitest";
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

  it("shows a tenant in shared tables what it was seeded with and nobody else's, whatever SQL is sent", async () => {
    const place = makePlace("row");
    onTestFinished(async () => place.remove());
    const site = await place.start(() => ({ plans: (async () => {}) as never }));
    const databases = site.databases as MikroOrmDatabases;
    const found: unknown[] = [];
    for (const { id } of [acme(), globex()]) {
      const placement = databases.place(id, 1);
      const tenant = { ...tenantRecord({ slug: "t" }), id, placement };
      await databases.manager(placement).create({ tenantId: id, placement });
      await databases.migrate(tenant);
      await databases.seed(tenant);
      const sql = "select tenant_id from _tenancy_seeders";
      found.push(await site.tenancy.run(tenant, () => databases.em().execute(sql)));
    }

    expect(found).toEqual([[{ tenant_id: acme().id }], [{ tenant_id: globex().id }]]);
  });
});

const script = new URL("./workers/seed-tenant.ts", import.meta.url);

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
    seedInProcess: (tenant, seeder) => seedInProcess(script, { place, tenant, seeder }),
    async remove() {
      for (const close of closing) await close();
      if (strategy !== "row") return;
      await asAdmin(
        `drop schema if exists "${sharedSchema}" cascade; drop owned by "${sharedRole}"; drop role "${sharedRole}"`,
      );
    },
  };
}
