import { channel } from "node:diagnostics_channel";
import type { OperationProgressEvent } from "@af-tenancy/core";
import { tellWatchers } from "./tell-watchers.ts";
import type { Workplace } from "./workplace.ts";

/** Tells that a step is done, to channel and event. */
export async function tellProgress(
  workplace: Workplace,
  event: OperationProgressEvent,
): Promise<void> {
  if (operations.hasSubscribers) operations.publish(event);
  await tellWatchers(workplace, "operationProgress", event, event.operation.tenantId);
}

const operations = channel("af-tenancy:operation");
