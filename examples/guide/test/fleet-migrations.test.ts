import { createTenancy, memoryDatabases, memoryRegistry } from "@af-tenancy/core";
import { provisioning } from "@af-tenancy/provisioning";
import { expect, it } from "vitest";

async function startFleet() {
  // #region memory
  const databases = memoryDatabases({
    migrations: [
      { name: "0001-notes", up: (rows) => void rows.set("notes", []) },
      { name: "0002-tags", up: (rows) => void rows.set("tags", []) },
    ],
  });
  // #endregion
  const registry = memoryRegistry();
  const tenancy = createTenancy({ registry, databases, provisioning: provisioning() });
  await tenancy.start();
  for (const slug of ["acme", "globex", "initech"]) await tenancy.tenants.create({ slug });
  const { migrations } = tenancy.tenants;
  return { tenancy, migrations };
}

it("S101: migrates a fleet", async () => {
  const { migrations, tenancy } = await startFleet();
  const lines: string[] = [];
  const console = { log: (line: string) => lines.push(line) };

  // #region plan
  const plan = await migrations.begin({
    canary: [{ by: "slug", value: "acme" }], // first alone, then waves of a tenth of the others
    waveSize: 0.1,
    maxFailedShare: 0.02,
    timeoutMs: 10 * 60_000,
    force: true, // look into each database; without it those that are up to date are left out
  });
  tenancy.events.on("migrationProgress", ({ tenant, position }) => {
    console.log(`${position} ${tenant.tenantId} ${tenant.state}`);
  });
  const report = await migrations.run(plan.id, { concurrency: 8 });
  const exitCode = report.verdict === "done" ? 0 : 3; // MIGRATION_PLAN_HELD is 4
  // #endregion

  expect(exitCode).toBe(0);
  expect(report.counts.done).toBe(3);
  expect(lines).toHaveLength(3);
});

it("S035: previews, and tells how far the fleet is", async () => {
  const { migrations } = await startFleet();

  // #region look
  const { behind, upToDate } = await migrations.summary(); // one query, of the registry alone
  const preview = await migrations.preview({ force: true }); // the SQL, grouped; changes nothing
  // #endregion

  expect({ behind, upToDate }).toEqual({ behind: 0, upToDate: 3 });
  expect(preview).toEqual([]);
});

it("resumes, releases and reports", async () => {
  const { migrations } = await startFleet();
  await migrations.begin({ force: true });

  // #region resume
  const [latest] = await migrations.plans();
  if (latest !== undefined) {
    await migrations.release(latest.id); // after what had failed was mended
    await migrations.run(latest.id);
  }
  // #endregion

  expect((await migrations.report(latest?.id ?? "")).verdict).toBe("done");
});
