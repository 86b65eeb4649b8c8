import { channel } from "node:diagnostics_channel";
import { type OperationProgressEvent, tellFailure } from "@af-tenancy/core";
import type { Workplace } from "./workplace.ts";

/** Tells that a step is done; a listener that throws while it watches does not stop the work. */
export async function tellProgress(
  workplace: Workplace,
  event: OperationProgressEvent,
): Promise<void> {
  if (operations.hasSubscribers) operations.publish(event);
  try {
    await workplace.events.emit("operationProgress", event);
  } catch (error) {
    await tellFailure(workplace, error, event.operation.tenantId);
  }
}

const operations = channel("af-tenancy:operation");
