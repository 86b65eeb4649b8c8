import type { Session } from "../command/session.ts";
import { requireRegistry } from "../tenants/require-registry.ts";

/**
 * Keeps other commands from migrating this fleet until this one ends, or until 15 seconds after its process died. Throws
 * `MigratingAlreadyError` while another one does.
 */
export async function takeTurn(session: Session): Promise<void> {
  const registry = await requireRegistry(session);
  const { HeldLease, systemClock } = await import("@af-tenancy/core");
  const lease = await HeldLease.take(registry, systemClock(), "cli:migrate", leaseMs);
  if (lease === undefined) {
    const { MigratingAlreadyError } = await import("../errors.ts");
    throw new MigratingAlreadyError(session.catalogue.migrations.already);
  }
  session.atEnd(() => lease.release());
}

/** Longer than most migrations of one tenant: where SQLite works, nothing is renewed meanwhile. */
const leaseMs = 15_000;
