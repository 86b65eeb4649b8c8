import fc from "fast-check";
import type { Core } from "./core.ts";
import { interleave } from "./interleaving.ts";
import { plans } from "./plan.ts";

/** How far an exploration goes. */
export interface ExploreOptions {
  readonly runs: number;
  readonly seed: number;
  /** Leads straight to one counterexample of an earlier exploration with this seed. */
  readonly path?: string;
  /** Stops at the first violation as it was found; without it the smallest one is looked for. */
  readonly hasty?: boolean;
}

/** What an exploration found. */
export interface Exploration {
  readonly runs: number;
  /** Says which rule was broken, how, and how to see it again; `undefined` when none was. */
  readonly violation: string | undefined;
}

/** Runs random trees of work under random schedules, and compares them with the model. */
export async function explore(core: Core, options: ExploreOptions): Promise<Exploration> {
  const { runs, seed, path, hasty = false } = options;
  const property = fc.asyncProperty(plans, fc.scheduler(), (plan, scheduler) =>
    interleave(core, plan, scheduler),
  );
  const details = await fc.check(property, {
    numRuns: runs,
    seed,
    endOnFailure: hasty,
    ...(path === undefined ? {} : { path }),
  });
  if (!details.failed) return { runs: details.numRuns, violation: undefined };
  const violation = `${String(details.errorInstance)}\n${fc.defaultReportMessage(details)}`;
  return { runs: details.numRuns, violation };
}
