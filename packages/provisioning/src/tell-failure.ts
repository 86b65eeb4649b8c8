import { publishFailure } from "@af-tenancy/core";
import type { Workplace } from "./workplace.ts";

/** Tells of a failure that the caller will not see; nothing that listeners do about it stops the work. */
export async function tellFailure(
  { events }: Pick<Workplace, "events">,
  error: unknown,
  tenantId: string | null,
): Promise<void> {
  const failure = { error, tenantId, origin: {} };
  publishFailure(failure);
  try {
    await events.emit("failure", failure);
  } catch (other) {
    process.emitWarning(other instanceof Error ? other : String(other));
  }
}
