import type { Events } from "@af-tenancy/core";
import type { OperationKind } from "./operation-kind.ts";
import { purgeSteps } from "./purge-steps.ts";

/** Makes the operation that drops what a tenant has and forgets it; what a crash leaves of it is continued. */
export function purging(events: Events): OperationKind {
  return {
    kind: "purge",
    steps: purgeSteps(events),
    announce: (all, tenant) => all.emit("tenantPurged", { tenant }),
  };
}
