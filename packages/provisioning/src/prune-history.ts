import {
  checkKnownOptions,
  type HistoryKind,
  type PruneOptions,
  type PruneReport,
} from "@af-tenancy/core";
import { demand } from "./demand.ts";
import type { Workplace } from "./workplace.ts";

/** Removes what the registry has kept for long enough, a batch in a transaction, so that nobody waits for it. */
export async function pruneHistory(
  workplace: Workplace,
  options: PruneOptions = {},
): Promise<PruneReport> {
  checkKnownOptions<PruneOptions>("prune", options, { dryRun: true });
  const { dryRun = false } = options;
  demand("prune.dryRun", dryRun, typeof dryRun === "boolean", "give true or false.");
  const { changesMs = 7 * day, operationsMs = 90 * day, plansMs = 90 * day } = workplace.retention;
  const prune = dryRun ? count : remove;
  return {
    changes: await prune(workplace, "changes", changesMs),
    operations: await prune(workplace, "operations", operationsMs),
    plans: await prune(workplace, "plans", plansMs),
  };
}

async function count({ registry }: Workplace, what: HistoryKind, age: number): Promise<number> {
  if (age === Number.POSITIVE_INFINITY) return 0;
  return registry.transaction(({ history }) => history.count(what, age));
}

async function remove(
  { registry, closing }: Workplace,
  what: HistoryKind,
  age: number,
): Promise<number> {
  if (age === Number.POSITIVE_INFINITY) return 0;
  for (let removed = 0; ; ) {
    closing.throwIfAborted();
    const limit = batches[what];
    const some = await registry.transaction(({ history }) => history.remove(what, age, limit));
    removed += some;
    if (some < limit) return removed;
  }
}

/** How many one transaction removes; a plan takes its tenants along. */
const batches: Readonly<Record<HistoryKind, number>> = { changes: 500, operations: 500, plans: 1 };

const day = 86_400_000;
