import type { StatusMove, Tenancy, TenantRecord, TenantStatus } from "@af-tenancy/core";
import type { Outcome } from "../command/define-command.ts";
import type { Session } from "../command/session.ts";
import { changeOutcome, changesBetween } from "./change-outcome.ts";
import { measure } from "./measure.ts";

/** A move of a tenant from one status to another. */
export interface Move {
  readonly move: StatusMove;
  readonly to: TenantStatus;
  readonly reason: string | undefined;
  act(tenancy: Tenancy): Promise<TenantRecord>;
  /** What is said when it is done. */
  done(slug: string): string;
}

/** Moves a tenant, or tells whether it could be moved and what it would become. */
export async function moveTenant(
  session: Session,
  tenant: TenantRecord,
  { move, to, reason, act, done }: Move,
): Promise<Outcome> {
  const cost = measure();
  const { tenancy, actor } = await session.application();
  if (session.settings.dryRun) {
    const { checkMove, statusMoves } = await import("@af-tenancy/core");
    // Who is where the move leads is left as he is.
    const isThere = Object.values(statusMoves).some((moves) => moves[tenant.status] === move);
    if (!isThere) checkMove(tenant, move, to);
    const status = isThere ? tenant.status : to;
    const changes = changesBetween(tenant, { ...tenant, status }, ["status"]);
    return changeOutcome(session, { tenants: [tenant], changes, cost: cost(), done: "" });
  }
  const origin = { actor, ...(reason !== undefined && { reason }) };
  const moved = await tenancy.central(() => act(tenancy), origin);
  const changes = changesBetween(tenant, moved, ["status", "graceUntil"]);
  return changeOutcome(session, {
    tenants: [moved],
    changes,
    cost: cost(),
    done: done(moved.slug),
  });
}
