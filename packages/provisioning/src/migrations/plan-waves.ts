import type { NewPlannedTenant } from "@af-tenancy/core";
import type { Workplace } from "../workplace.ts";
import type { CheckedPlan } from "./plan-options.ts";
import { named } from "./select-tenants.ts";
import { type Selected, unitsOf } from "./shared-tables.ts";

/** Puts tenants in order: the canary first, then wave after wave. Those that share their tables count as one. */
export async function planWaves(
  workplace: Workplace,
  { canary, waveSize }: CheckedPlan,
  tenants: readonly Selected[],
): Promise<readonly NewPlannedTenant[]> {
  const units = unitsOf(tenants);
  const first = new Set(
    typeof canary === "number"
      ? units.slice(0, canary).flatMap((unit) => unit.map(({ id }) => id))
      : (await named(workplace, "options.canary", canary)).map(({ id }) => id),
  );
  const isCanary = (unit: readonly Selected[]) => unit.some(({ id }) => first.has(id));
  const canaries = units.filter(isCanary);
  const others = units.filter((unit) => !isCanary(unit));
  const size = waveSize < 1 ? Math.ceil(others.length * waveSize) : waveSize;
  const from = canaries.length === 0 ? 0 : 1;
  const waves = [
    ...canaries.map((unit) => ({ unit, wave: 0 })),
    ...others.map((unit, index) => ({ unit, wave: from + Math.floor(index / size) })),
  ];
  return waves
    .flatMap(({ unit, wave }) => unit.map(({ id }) => ({ tenantId: id, wave })))
    .map((planned, position) => ({ ...planned, position }));
}
