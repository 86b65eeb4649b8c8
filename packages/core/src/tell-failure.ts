import type { Origin } from "./contracts/bootstrapper.ts";
import type { TenancyHost } from "./contracts/component.ts";
import { publishFailure } from "./publish-failure.ts";

/**
 * Tells of a failure that no caller will see: those who observe the process, and the application by the event `failure`.
 * Nothing that listeners do about it stops the work. `tenantId` is `null` where it was for no tenant.
 */
export async function tellFailure(
  { events }: Pick<TenancyHost, "events">,
  error: unknown,
  tenantId: string | null = null,
  origin: Origin = {},
): Promise<void> {
  const failure = { error, tenantId, origin };
  publishFailure(failure);
  try {
    await events.emit("failure", failure);
  } catch (telling) {
    process.emitWarning(telling instanceof Error ? telling : String(telling));
  }
}
