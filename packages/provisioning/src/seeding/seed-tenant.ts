import {
  isTenancyError,
  OperationInFlightError,
  type SeededState,
  type SeededTenant,
  type SeederDone,
  SeederFailedError,
  type SeedingFailure,
  type SeedRequest,
  type TenantRecord,
  type TenantSeeding,
  tellFailure,
} from "@af-tenancy/core";
import { journalText } from "../journal-text.ts";
import { fateOf } from "../migrations/fate-of.ts";
import { retryPause } from "../migrations/retry-pause.ts";
import type { Workplace } from "../workplace.ts";

/** What a tenant is seeded with. */
export interface TurnParts {
  readonly workplace: Workplace;
  readonly seeding: TenantSeeding;
  readonly request: SeedRequest;
  readonly retries: number;
  /** Aborted where the run is to stop. */
  readonly signal: AbortSignal;
}

/** A tenant as the registry had it shortly before its turn. */
export interface Turn {
  readonly tenantId: string;
  /** `undefined` once it is gone. */
  readonly tenant: TenantRecord | undefined;
  /** The kind of the operation that is open for it. */
  readonly busyWith: string | undefined;
}

/**
 * Seeds one tenant and tells what became of it; what passes by itself is tried again, later each time. Throws when the
 * run is to stop.
 */
export async function seedTenant(parts: TurnParts, turn: Turn): Promise<SeededTenant> {
  const { workplace, seeding, request, retries, signal } = parts;
  const { tenant, tenantId, busyWith } = turn;
  signal.throwIfAborted();
  if (tenant === undefined || tenant.status === "deleting") {
    return left(tenantId, "gone", "TENANT_NOT_FOUND", "It was purged meanwhile.");
  }
  if (tenant.placement === undefined) {
    return left(tenantId, "skipped", "NO_DATABASE", "It has no database of its own.");
  }
  if (busyWith !== undefined) {
    const { code, message } = new OperationInFlightError(tenantId, busyWith);
    return left(tenantId, "skipped", code, message);
  }
  for (let attempts = 1; ; attempts += 1) {
    try {
      const { seeders } = await seeding.run(tenant, { ...request, signal });
      return { tenantId, state: "done", attempts, seeders, failure: undefined };
    } catch (error) {
      signal.throwIfAborted();
      if (fateOf(error) !== "again" || attempts > retries) {
        await tellFailure(workplace, error, tenantId);
        return failed(turn, attempts, error);
      }
    }
    await workplace.clock.sleep(retryPause(attempts), signal);
  }
}

function failed({ tenantId }: Turn, attempts: number, error: unknown): SeededTenant {
  const seeders: readonly SeederDone[] = error instanceof SeederFailedError ? error.done : [];
  return { tenantId, state: "failed", attempts, seeders, failure: failureOf(error) };
}

/** Of what the database said only its code is kept, as in the journal; the event `failure` has told the rest. */
function failureOf(error: unknown): SeedingFailure {
  const { cause, seeder } = Object(error) as {
    readonly cause?: unknown;
    readonly seeder?: unknown;
  };
  const own = journalText("seed", error);
  return {
    code: isTenancyError(error) ? error.code : "ERROR",
    message: cause === undefined ? own : `${own} (${journalText("cause", cause)})`,
    seeder: typeof seeder === "string" ? seeder : undefined,
  };
}

function left(tenantId: string, state: SeededState, code: string, message: string): SeededTenant {
  const failure = { code, message, seeder: undefined };
  return { tenantId, state, attempts: 0, seeders: [], failure };
}
