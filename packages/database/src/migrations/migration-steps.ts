import type {
  MigrationDone,
  MigrationRequest,
  MigrationRun,
  MigrationStatus,
} from "@af-tenancy/core";
import type { MigrationMethod, MigrationSet } from "./migration-set.ts";
import type { Track } from "./tracking.ts";

/** Which method of its migrations a request runs. */
export function methodOf({ direction }: MigrationRequest): MigrationMethod {
  return direction === "down" ? "down" : "up";
}

/** Those that are run up in order of the list, or taken back, the latest first. */
export function stepsOf(
  { names }: MigrationSet,
  applied: readonly string[],
  { direction, steps }: MigrationRequest,
): readonly string[] {
  if (direction === "down") return [...applied].reverse().slice(0, steps ?? 1);
  return names.filter((name) => !applied.includes(name)).slice(0, steps);
}

/** What was done to a database that had had some. */
export function reportOf(
  set: MigrationSet,
  { before, applied }: Beginning,
  migrations: readonly MigrationDone[],
  request: MigrationRequest,
): MigrationRun {
  const done = new Set(migrations.map(({ name }) => name));
  const left =
    methodOf(request) === "up" ? [...applied, ...done] : applied.filter((name) => !done.has(name));
  return { before, after: set.reached(left), migrations };
}

/** How far a database is that remembers so much. */
export function statusOf(set: MigrationSet, { applied, dirty }: Track): MigrationStatus {
  const names = applied.map(({ name }) => name);
  const pending = set.names.filter((name) => !names.includes(name));
  return { version: set.reached(names), applied, pending, dirty };
}

/** Where a run begins. */
export interface Beginning {
  /** How far the database was. */
  readonly before: string | undefined;
  /** Names of what it has had; for a fresh start none. */
  readonly applied: readonly string[];
}
