import type { MigrationPlanOptions } from "@af-tenancy/core";
import type { Session } from "../command/session.ts";
import { definedOnly } from "../tenants/defined-only.ts";
import { type Selection, selectFleet } from "../tenants/select-fleet.ts";
import { selectTenants } from "../tenants/select-tenant.ts";

/** What a command was told of the order in which tenants come, and of how each is handled. */
export interface PlanInput extends Selection {
  readonly skipFailing: boolean | undefined;
  readonly canary: readonly string[] | undefined;
  readonly waveSize: number | undefined;
  readonly timeout: number | undefined;
  readonly lockTimeout: number | undefined;
  readonly maintenance: string | undefined;
}

/** Gives what a plan is told; a canary that is not meant is refused. Unless failures are to be skipped, nobody begins after the first one. */
export async function planOptions(
  session: Session,
  input: PlanInput,
): Promise<MigrationPlanOptions> {
  const { skipFailing = false, canary, waveSize, timeout, lockTimeout, maintenance } = input;
  const first = await selectTenants(session, canary ?? []);
  if (first.length > 0) {
    const meant = new Set((await selectFleet(session, input)).map(({ id }) => id));
    const outside = first.find(({ id }) => !meant.has(id));
    if (outside) session.refuse(session.catalogue.refusals.canaryOutside(outside.slug));
  }
  return {
    ...(skipFailing ? { maxFailedShare: 1 } : { stopAtFirst: true }),
    ...(first.length > 0 && { canary: first.map(({ id }) => ({ by: "id", value: id }) as const) }),
    ...definedOnly({ waveSize, timeoutMs: timeout, lockMs: lockTimeout }),
    ...(maintenance !== undefined && { maintenance: { message: maintenance, retryAfter } }),
  };
}

/** Seconds after which clients of a tenant that is migrated are to come again. */
const retryAfter = 60;
