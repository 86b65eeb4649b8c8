import type { GraceOptions, MoveOptions, TenantLike, TenantRecord } from "@af-tenancy/core";
import type { Workplace } from "../workplace.ts";
import { checkedGrace, checkedReason } from "./life-options.ts";
import type { Move } from "./move.ts";
import { moveTenant } from "./move-tenant.ts";
import { moves } from "./moves.ts";

/** Moves a tenant at once. */
export async function move(
  workplace: Workplace,
  how: Move,
  tenant: TenantLike,
  options: MoveOptions = {},
): Promise<TenantRecord> {
  const reason = checkedReason(options);
  return (await moveTenant(workplace, how, tenant, { reason })).after;
}

/** Suspends a tenant, at once or after a grace. */
export async function suspend(
  workplace: Workplace,
  tenant: TenantLike,
  options: GraceOptions = {},
): Promise<TenantRecord> {
  const { reason, graceMs = 0 } = checkedGrace(options);
  const graceUntil = graceMs === 0 ? undefined : workplace.clock.now() + graceMs;
  return (await moveTenant(workplace, moves.suspend, tenant, { reason, graceUntil })).after;
}

/** Deletes a tenant softly. */
export async function softDelete(
  workplace: Workplace,
  tenant: TenantLike,
  options: GraceOptions = {},
): Promise<TenantRecord> {
  const { reason, graceMs = sevenDays } = checkedGrace(options);
  const graceUntil = workplace.clock.now() + graceMs;
  return (await moveTenant(workplace, moves.delete, tenant, { reason, graceUntil })).after;
}

const sevenDays = 7 * 24 * 3_600_000;
