/** What the process exits with; scripts may rely on it. */
export const exitCodes = Object.freeze({
  ok: 0,
  failed: 1,
  usage: 2,
  partial: 3,
  locked: 4,
  interrupted: 130,
} as const);

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/**
 * What a command of many exits with: it failed where nothing was done and not all of it was to be had, `codes` being why
 * where that is told for each.
 */
export function exitOf({
  done,
  isWhole,
  codes = [],
}: {
  readonly done: number;
  readonly isWhole: boolean;
  readonly codes?: readonly string[];
}): ExitCode {
  if (isWhole) return exitCodes.ok;
  if (done > 0) return exitCodes.partial;
  const isLocked = codes.length > 0 && codes.every((code) => locked.has(code));
  return isLocked ? exitCodes.locked : exitCodes.failed;
}

/** Which exit code an error means, by its code. */
export function exitCodeOf(code: string): ExitCode {
  if (code === "INTERRUPTED") return exitCodes.interrupted;
  if (usage.has(code)) return exitCodes.usage;
  return locked.has(code) ? exitCodes.locked : exitCodes.failed;
}

/** The call itself is wrong: the same call fails again, whatever the fleet does. */
const usage: ReadonlySet<string> = new Set([
  ...[
    "USAGE",
    "CONFIG_NOT_FOUND",
    "CONFIG_NOT_LOADED",
    "SCRIPT_NOT_LOADED",
    "INVALID_CONFIGURATION",
  ],
  ...[
    "INVALID_INPUT",
    "PLAN_CHANGED",
    "MIGRATION_PLAN_NOT_FOUND",
    "UNKNOWN_SEEDER",
    "UNKNOWN_DRIVER",
  ],
]);

/** Somebody else is at it. */
const locked: ReadonlySet<string> = new Set([
  ...["OPERATION_IN_FLIGHT", "MIGRATING_ALREADY", "MIGRATION_PLAN_HELD", "MIGRATION_LOCKED"],
  "SEEDING_LOCKED",
]);
