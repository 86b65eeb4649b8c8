import type { TenantRecord } from "@af-tenancy/core";
import type { Outcome } from "../command/define-command.ts";
import type { Session } from "../command/session.ts";
import type { ChangeOutput } from "../outputs/change-output.ts";
import { describeTenant, withoutSecrets } from "./describe-tenant.ts";

type Change = ChangeOutput["changes"][number];

/** What was changed, or would be. */
export interface Changed {
  readonly tenants: readonly TenantRecord[];
  readonly changes: readonly Change[];
  readonly steps?: ChangeOutput["steps"];
  readonly cost: ChangeOutput["cost"];
  /** What is said about it in one line; nothing in a dry run. */
  readonly done: string;
  /** What else people are told after it, also where nothing was changed. */
  readonly note?: string | undefined;
}

/** Gives the outcome of a command that changes tenants. */
export function changeOutcome({ settings, catalogue }: Session, changed: Changed): Outcome {
  const { dryRun } = settings;
  const { words } = catalogue;
  const { tenants, changes, steps = [], cost, done, note } = changed;
  const value: ChangeOutput = {
    dryRun,
    tenants: tenants.map(describeTenant),
    changes: changes.map((one) => withoutSecrets(one) as Change),
    steps: [...steps],
    cost,
  };
  return {
    value,
    quiet: tenants.map(({ slug }) => slug),
    show(print) {
      if (value.changes.length === 0) {
        print.line(words.noChange, "dim");
        if (note !== undefined) print.line(note, "yellow");
        return;
      }
      if (dryRun) print.line(words.wouldChange, "yellow");
      for (const { tenant, what, from, to } of value.changes) {
        print.line(`  ${tenant} ${what}: ${shown(from)} -> ${shown(to)}`);
      }
      for (const { step, milliseconds } of steps) print.line(`  ${step} ${milliseconds} ms`, "dim");
      if (dryRun) return print.line(words.nothingChanged, "yellow");
      print.line(done, "green");
      if (note !== undefined) print.line(note, "yellow");
      const megabytes = Math.round(cost.residentBytes / 2 ** 20);
      print.line(words.milliseconds(cost.milliseconds, megabytes), "dim");
    },
  };
}

/** Tells in what fields two states of a tenant differ. */
export function changesBetween(
  before: TenantRecord,
  after: TenantRecord,
  fields: readonly (keyof TenantRecord)[],
): Change[] {
  return fields.flatMap((what) => {
    const from = told(what, before[what]);
    const to = told(what, after[what]);
    const isSame = JSON.stringify(from) === JSON.stringify(to);
    return isSame ? [] : [{ tenant: after.slug, what, from, to }];
  });
}

/** A time as the tenant itself is told, in ISO 8601. */
function told(field: string, value: unknown): Change["from"] {
  const isTime = typeof value === "number" && /(?:At|Until)$/.test(field);
  return isTime ? new Date(value).toISOString() : ((value ?? null) as Change["from"]);
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
