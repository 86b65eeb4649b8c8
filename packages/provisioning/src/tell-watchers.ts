import { type TenancyEventMap, tellFailure } from "@af-tenancy/core";
import type { Workplace } from "./workplace.ts";

/** Tells how far the work with a tenant is; a listener that throws while it watches does not stop the work. */
export async function tellWatchers<N extends keyof TenancyEventMap>(
  workplace: Workplace,
  name: N,
  event: TenancyEventMap[N],
  tenantId: string,
): Promise<void> {
  try {
    await workplace.events.emit(name, event);
  } catch (error) {
    await tellFailure(workplace, error, tenantId);
  }
}
