import type { Origin, TenancyHost } from "@af-tenancy/core";

/** Tells of a failure that no caller will see; nothing that listeners do about it stops the work. */
export async function tellFailure(
  { events }: TenancyHost,
  error: unknown,
  tenantId: string | null,
  origin: Origin = {},
): Promise<void> {
  try {
    await events.emit("failure", { error, tenantId, origin });
  } catch (other) {
    process.emitWarning(other instanceof Error ? other : String(other));
  }
}
