import type { Events, OperationStep } from "@af-tenancy/core";
import type { OperationKind } from "./operation-kind.ts";
import { purgeSteps } from "./purge-steps.ts";

/** Makes the operation that drops what a tenant has and forgets it; what a crash leaves of it is continued. */
export function purging(events: Events, own: readonly OperationStep[]): OperationKind {
  return {
    kind: "purge",
    steps: purgeSteps(events, own),
    announce: (all, tenant) => all.emit("tenantPurged", { tenant }),
  };
}
