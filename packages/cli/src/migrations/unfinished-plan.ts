import type { FleetMigrations, MigrationReport } from "@af-tenancy/core";
import { type Schemas, stillLacking } from "./still-lacking.ts";

/**
 * Gives the newest plan that is not done and of whose tenants one still lacks what it was to bring. One that takes back or
 * wipes is passed over once a newer one is there: what it would undo may be what the newer one did, so it has to be named.
 */
export async function unfinishedPlan(
  fleet: Pick<FleetMigrations, "plans" | "report">,
  schemas: Schemas,
): Promise<MigrationReport | undefined> {
  const newer: string[] = [];
  for (const plan of await fleet.plans(atMost)) {
    if (plan.direction === "up" || newer.length === 0) {
      const report = await fleet.report(plan.id);
      const left = { plan, newer, states: ["waiting", "failed", "quarantined"] } as const;
      const isOver = report.verdict === "done" || (await stillLacking(schemas, left)).length === 0;
      if (!isOver) return report;
    }
    newer.push(plan.id);
  }
  return undefined;
}

/** How far back an unfinished plan is looked for. */
const atMost = 100;
