import {
  type ClearOptions,
  type ClearReport,
  IllegalMoveError,
  isTenancyError,
  type SweepFailure,
  type TenantRecord,
  tellFailure,
} from "@af-tenancy/core";
import { ownFields } from "../own-fields.ts";
import { purgeTenant } from "../purge-tenant.ts";
import { refuse } from "../refuse.ts";
import type { Workplace } from "../workplace.ts";

/** Purges the tenants in the pool, one after the other, or those of an age; none that somebody pulls meanwhile. */
export async function clearPool(
  workplace: Workplace,
  options: ClearOptions = {},
): Promise<ClearReport> {
  const { registry, clock, closing } = workplace;
  const madeBy = clock.now() - ageOf(options);
  const cleared: string[] = [];
  const failed: SweepFailure[] = [];
  for await (const { id, createdAt } of registry.store.list({ statuses: ["pending"] })) {
    if (createdAt > madeBy) continue;
    closing.throwIfAborted();
    try {
      await purgeTenant(workplace, id, { skipGrace: true }, assertPending);
      cleared.push(id);
    } catch (error) {
      if (isTenancyError(error) && leftToOthers.includes(error.code)) continue;
      failed.push({ tenantId: id, error });
      await tellFailure(workplace, error, id);
    }
  }
  return { cleared, failed };
}

function assertPending(tenant: TenantRecord): void {
  if (tenant.status !== "pending") throw new IllegalMoveError(tenant, "clear", []);
}

/** Whoever was faster has pulled it, has purged it or does so. */
const leftToOthers: readonly string[] = ["ILLEGAL_MOVE", "OPERATION_IN_FLIGHT", "TENANT_NOT_FOUND"];

/** Gives an age in milliseconds, 0 for any; throws `InvalidInputError`. */
function ageOf(options: unknown): number {
  const fields = ownFields("options", options, ["olderThanDays", "olderThanHours"]);
  const { olderThanDays: days, olderThanHours: hours } = fields;
  if (days !== undefined && hours !== undefined) {
    refuse("options.olderThanHours", hours, "give olderThanDays or olderThanHours, not both");
  }
  if (days !== undefined) return checkedAge("options.olderThanDays", days) * 24 * hour;
  return hours === undefined ? 0 : checkedAge("options.olderThanHours", hours) * hour;
}

function checkedAge(field: string, value: unknown): number {
  if (!(typeof value === "number" && value >= 0 && value <= 100_000)) {
    refuse(field, value, "use a number from 0 to 100,000");
  }
  return value;
}

const hour = 3_600_000;
