import type { NewPlannedTenant } from "@af-tenancy/core";
import type { Workplace } from "../workplace.ts";
import type { CheckedPlan } from "./plan-options.ts";
import { named } from "./select-tenants.ts";

/** Puts tenants in order: the canary first, then wave after wave. */
export async function planWaves(
  workplace: Workplace,
  { canary, waveSize }: CheckedPlan,
  tenantIds: readonly string[],
): Promise<readonly NewPlannedTenant[]> {
  const first = new Set(
    typeof canary === "number"
      ? tenantIds.slice(0, canary)
      : (await named(workplace, "options.canary", canary)).map(({ id }) => id),
  );
  const canaries = tenantIds.filter((id) => first.has(id));
  const others = tenantIds.filter((id) => !first.has(id));
  const size = waveSize < 1 ? Math.ceil(others.length * waveSize) : waveSize;
  const from = canaries.length === 0 ? 0 : 1;
  return [
    ...canaries.map((tenantId, position) => ({ tenantId, position, wave: 0 })),
    ...others.map((tenantId, index) => ({
      tenantId,
      position: canaries.length + index,
      wave: from + Math.floor(index / size),
    })),
  ];
}
