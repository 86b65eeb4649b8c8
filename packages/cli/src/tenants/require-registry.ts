import type { CentralRegistry } from "@af-tenancy/core";
import type { Session } from "../command/session.ts";

/** Gives the application's registry; refuses the command where it has none. */
export async function requireRegistry(session: Session): Promise<CentralRegistry> {
  const { registry } = await session.application();
  const { refusals } = session.catalogue;
  return registry ?? session.refuse(refusals.needsRegistry(session.settings.command));
}
