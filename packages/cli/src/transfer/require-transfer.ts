import type { TenantTransfer } from "@af-tenancy/core";
import type { Session } from "../command/session.ts";

/** Gives what exports and imports rows; refuses the command where the application's databases cannot. */
export async function requireTransfer(session: Session): Promise<TenantTransfer> {
  const { databases } = await session.application();
  const { refusals } = session.catalogue;
  return databases?.data ?? session.refuse(refusals.needsTransfer(session.settings.command));
}
