import { createHash } from "node:crypto";
import { PlanChangedError, type TenantRecord } from "@af-tenancy/core";
import type { Session } from "../command/session.ts";
import { takeTurn } from "./take-turn.ts";

/** What is agreed to. */
export interface Agreed {
  readonly direction: "down" | "fresh";
  readonly steps?: number;
  readonly tenants: readonly TenantRecord[];
}

/**
 * Names this command for exactly these tenants as they are now, with the migrations there are now: whoever agreed to it
 * agreed to nothing else, and to that only once, since every run writes down a plan that is newer.
 */
export async function consentOf(
  session: Session,
  { direction, steps = 1, tenants }: Agreed,
): Promise<string> {
  const { tenancy, databases } = await session.application();
  const [newest] = await tenancy.tenants.migrations.plans(1);
  const states = tenants.map(({ id, version, placement }) => {
    const wanted = placement && databases?.migrations?.version(placement);
    return `${id} ${version} ${wanted ?? ""}`;
  });
  const meant = [`${direction} ${steps} ${newest?.id ?? ""}`, ...states.sort()].join("\n");
  return `plan_${createHash("sha256").update(meant).digest("base64url").slice(0, 16)}`;
}

/** Takes the turn to migrate; throws `PlanChangedError` unless the plan that was given, if any, is what would be done. */
export async function takeAgreedTurn(
  session: Session,
  agreed: Agreed,
  given: string | undefined,
): Promise<void> {
  await takeTurn(session);
  if (given === undefined || given === (await consentOf(session, agreed))) return;
  throw new PlanChangedError(given);
}
