import type { SeededState, SeededTenant, SeedingReport } from "@af-tenancy/core";

/** Tells what became of so many tenants that were to be seeded. */
export function seedingReport(tenants: readonly SeededTenant[], total: number): SeedingReport {
  const of = (state: SeededState) => tenants.filter((tenant) => tenant.state === state).length;
  const waiting = total - tenants.length;
  const failed = of("failed");
  return {
    verdict: failed > 0 ? "failed" : waiting > 0 ? "waiting" : "done",
    counts: { done: of("done"), failed, skipped: of("skipped"), gone: of("gone"), waiting },
    tenants,
  };
}
