import type { FleetMigrations, MigrationReport } from "@af-tenancy/core";

/**
 * Gives the newest plan that is not done. One that takes back or wipes is passed over once a newer one is there: what it
 * would undo may be what the newer one did, so it has to be named.
 */
export async function unfinishedPlan(
  migrations: Pick<FleetMigrations, "plans" | "report">,
): Promise<MigrationReport | undefined> {
  for (const [index, { id, direction }] of (await migrations.plans(atMost)).entries()) {
    if (index > 0 && direction !== "up") continue;
    const report = await migrations.report(id);
    if (report.verdict !== "done") return report;
  }
  return undefined;
}

/** How far back an unfinished plan is looked for. */
const atMost = 100;
