import {
  checkMove,
  type StatusMove,
  statusMoves,
  type TenantLike,
  type TenantRecord,
  type TenantStatus,
} from "@af-tenancy/core";
import type { Workplace } from "../workplace.ts";
import { type ChangedTenant, changeLife, type LifeAct, type LifeChange } from "./change-life.ts";
import type { Move, MoveWish } from "./move.ts";

/** What a call says beside the tenant. */
export interface MoveCall extends MoveWish {
  readonly reason?: string | undefined;
  /** Whether the tenant, read anew, is still to be moved; it is when absent. */
  readonly isDue?: (tenant: TenantRecord) => boolean;
}

/**
 * Moves a tenant to another status, where the table of moves allows it and the listeners agree; a tenant that is there
 * already is left as it is. Throws `IllegalMoveError`, `VetoedError`, `TenantNotFoundError`, `RestoreTooLateError`.
 */
export async function moveTenant(
  workplace: Workplace,
  move: Move,
  reference: TenantLike,
  { reason, isDue, ...wish }: MoveCall,
): Promise<ChangedTenant> {
  const { events, clock } = workplace;
  let agreed: TenantStatus | undefined;

  async function plan(tenant: TenantRecord): Promise<LifeChange | undefined> {
    if (isDue?.(tenant) === false) return undefined;
    const { status } = tenant;
    if (leadsTo(move.name, status)) {
      const changes = move.again?.(tenant, wish);
      return changes && { changes, acts: [moved(move, status, status, changes)] };
    }
    const to = move.to(tenant);
    checkMove(tenant, move.name, to);
    const changes = { ...move.changes(tenant, wish, clock.now()), status: to };
    if (agreed !== status) {
      await events.emit("statusChanging", { vetoable: true, tenant, move: move.name, to });
    }
    agreed = status;
    return { changes, dueAt: wish.since, acts: [moved(move, status, to, changes)] };
  }

  const changed = await changeLife(workplace, reference, reason, plan);
  const { before, after } = changed;
  if (before.status !== after.status) {
    await events.emit("statusChanged", { tenant: after, move: move.name, from: before.status });
  }
  return changed;
}

/** Makes what outbox and audit trail keep of a move. */
export function moved(
  { did }: Move,
  from: TenantStatus,
  to: TenantStatus,
  { graceUntil = null }: { readonly graceUntil?: number | null | undefined },
): LifeAct {
  return { type: `tenant.${did}`, details: { from, to, graceUntil } };
}

function leadsTo(move: StatusMove, status: TenantStatus): boolean {
  return Object.values(statusMoves).some((moves) => moves[status] === move);
}
