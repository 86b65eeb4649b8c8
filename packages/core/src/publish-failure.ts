import type { Origin } from "./contracts/bootstrapper.ts";
import { failureChannel } from "./diagnostics.ts";

/** What failed and no caller sees, and for whom: `null` where it was for no tenant. */
export interface Failure {
  readonly error: unknown;
  readonly tenantId: string | null;
  readonly origin: Origin;
}

/** Publishes a failure for those who observe the process, beside the event `failure` that tells the application. */
export function publishFailure(failure: Failure): void {
  if (failureChannel.hasSubscribers) failureChannel.publish(failure);
}
