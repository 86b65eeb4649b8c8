import type {
  Maintenance,
  MigrationDirection,
  MigrationPlanOptions,
  MigrationRunOptions,
  TenantReference,
} from "@af-tenancy/core";
import { checkedFlag } from "../checked-flag.ts";
import { checkedText, textRules } from "../checked-text.ts";
import { checkedMaintenance } from "../life/checked-maintenance.ts";
import { ownFields } from "../own-fields.ts";
import { refuse } from "../refuse.ts";
import type { Workplace } from "../workplace.ts";

/** Every option of a plan, checked. */
export interface CheckedPlan {
  readonly direction: MigrationDirection;
  readonly tenants: readonly TenantReference[] | undefined;
  readonly plan: string | undefined;
  readonly pending: boolean;
  readonly canary: number | readonly TenantReference[];
  readonly waveSize: number;
  readonly care: PlanCare;
}

/** How a plan is carried out, as the registry keeps it. */
export interface PlanCare {
  readonly steps?: number;
  readonly force: boolean;
  readonly maxFailedShare: number;
  readonly stopAtFirst: boolean;
  readonly lockMs?: number;
  readonly statementMs?: number;
  readonly timeoutMs?: number;
  readonly retries: number;
  readonly maintenance?: Maintenance;
}

/** Gives every option of a plan; throws `InvalidInputError`. */
export function checkedPlan(
  { keys }: Pick<Workplace, "keys">,
  options: MigrationPlanOptions = {},
): CheckedPlan {
  const fields = ownFields("options", options, known);
  const { direction = "up", tenants, plan, pending = false, canary = 0 } = fields;
  if (direction !== "up" && direction !== "down" && direction !== "fresh") {
    refuse("options.direction", direction, 'use "up", "down" or "fresh"');
  }
  if (direction === "fresh" && fields.steps !== undefined) {
    refuse("options.steps", fields.steps, 'leave it out with "fresh", which runs every migration');
  }
  return {
    direction,
    tenants: tenants === undefined ? undefined : checkedReferences("options.tenants", tenants),
    plan: plan === undefined ? undefined : checkedText("options.plan", plan, textRules.plan),
    pending: checkedFlag("options.pending", pending),
    canary: Array.isArray(canary)
      ? checkedReferences("options.canary", canary)
      : checkedCount("options.canary", canary, 0),
    waveSize: checkedWaveSize(fields.waveSize),
    care: checkedCare(fields, keys),
  };
}

/** Gives how many tenants are migrated at a time; throws `InvalidInputError`. */
export function checkedConcurrency(options: MigrationRunOptions = {}): number {
  const { concurrency = 4 } = ownFields("options", options, ["concurrency"]);
  return checkedCount("options.concurrency", concurrency, 1, 256);
}

/** Gives references to tenants; throws `InvalidInputError`. */
export function checkedReferences(field: string, value: unknown): readonly TenantReference[] {
  if (!Array.isArray(value) || value.length === 0) {
    refuse(field, value, 'give an array of references such as { by: "slug", value }');
  }
  return value.map((reference: unknown, index) => {
    const { by, value: name } = Object(reference) as Partial<TenantReference>;
    if (typeof by === "string" && typeof name === "string") return { by, value: name };
    return refuse(
      `${field}[${index}]`,
      reference,
      'give a reference such as { by: "slug", value }',
    );
  });
}

type Fields = Partial<Record<(typeof known)[number], unknown>>;

function checkedCare(fields: Fields, keys: Workplace["keys"]): PlanCare {
  const { force = false, stopAtFirst = false, retries = 3, maxFailedShare = 0 } = fields;
  const { maintenance, steps } = fields;
  if (typeof maxFailedShare !== "number" || !(maxFailedShare >= 0 && maxFailedShare <= 1)) {
    refuse("options.maxFailedShare", maxFailedShare, "use a number from 0 to 1");
  }
  return {
    ...(steps !== undefined && { steps: checkedCount("options.steps", steps, 1) }),
    force: checkedFlag("options.force", force),
    stopAtFirst: checkedFlag("options.stopAtFirst", stopAtFirst),
    ...checkedTimes(fields),
    retries: checkedCount("options.retries", retries, 0, 20),
    maxFailedShare,
    ...(maintenance !== undefined && { maintenance: withoutWindow(maintenance, keys) }),
  };
}

/** A window would open a tenant to its clients amid its migrations. */
function withoutWindow(value: unknown, keys: Workplace["keys"]): Maintenance {
  const maintenance = checkedMaintenance(value, keys);
  for (const end of ["from", "until"] as const) {
    if (maintenance[end] === undefined) continue;
    refuse(
      `options.maintenance.${end}`,
      maintenance[end],
      "leave it out: a tenant's maintenance begins with its first migration and ends with its last",
    );
  }
  return maintenance;
}

function checkedTimes(fields: Fields): Pick<PlanCare, (typeof times)[number]> {
  const given = times.flatMap((name) => {
    const value = fields[name];
    if (value === undefined) return [];
    return [[name, checkedCount(`options.${name}`, value, 1, 86_400_000)] as const];
  });
  return Object.fromEntries(given);
}

/** A share below 1, or a number of tenants. */
function checkedWaveSize(value: unknown = Number.MAX_SAFE_INTEGER): number {
  const isShare = typeof value === "number" && value > 0 && value < 1;
  if (isShare) return value;
  return checkedCount("options.waveSize", value, 1);
}

/** Gives a whole number; throws `InvalidInputError`. */
export function checkedCount(
  field: string,
  value: unknown,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number {
  const isFine = Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;
  if (isFine) return Number(value);
  const upTo = most === Number.MAX_SAFE_INTEGER ? " or more" : ` to ${most}`;
  return refuse(field, value, `use a whole number, ${least}${upTo}`);
}

const times = ["lockMs", "statementMs", "timeoutMs"] as const;

const known = [
  ...(["direction", "steps", "tenants", "plan", "pending", "force", "canary"] as const),
  ...(["waveSize", "maxFailedShare", "stopAtFirst", "retries", "maintenance"] as const),
  ...times,
] as const satisfies readonly (keyof MigrationPlanOptions)[];
