import { type Attachment, publishFailure } from "@af-tenancy/core";

/** Tells the application of what failed and no caller sees. */
export async function tellFailure(attachment: Attachment, error: unknown): Promise<void> {
  const failure = { error, tenantId: null, origin: {} };
  publishFailure(failure);
  try {
    await attachment.host().events.emit("failure", failure);
  } catch (telling) {
    process.emitWarning(telling instanceof Error ? telling : String(telling));
  }
}
