import type { MigrationPlanOptions } from "@af-tenancy/core";
import type { Session } from "../command/session.ts";
import { definedOnly } from "../tenants/defined-only.ts";
import { selectTenants } from "../tenants/select-tenant.ts";

/** What a command was told of the order in which tenants come, and of how each is handled. */
export interface PlanInput {
  readonly skipFailing: boolean | undefined;
  readonly canary: readonly string[] | undefined;
  readonly waveSize: number | undefined;
  readonly timeout: number | undefined;
  readonly lockTimeout: number | undefined;
  readonly maintenance: string | undefined;
}

/** Gives what a plan is told. Unless failures are to be skipped, nobody begins after the first one. */
export async function planOptions(
  session: Session,
  { skipFailing = false, canary, waveSize, timeout, lockTimeout, maintenance }: PlanInput,
): Promise<MigrationPlanOptions> {
  const first = await selectTenants(session, canary ?? []);
  return {
    ...(skipFailing ? { maxFailedShare: 1 } : { stopAtFirst: true }),
    ...(first.length > 0 && { canary: first.map(({ id }) => ({ by: "id", value: id }) as const) }),
    ...definedOnly({ waveSize, timeoutMs: timeout, lockMs: lockTimeout }),
    ...(maintenance !== undefined && { maintenance: { message: maintenance, retryAfter } }),
  };
}

/** Seconds after which clients of a tenant that is migrated are to come again. */
const retryAfter = 60;
