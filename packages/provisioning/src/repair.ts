import {
  checkKnownOptions,
  type OperationRecord,
  type RepairOptions,
  type RepairReport,
  StaleOperationError,
  tellFailure,
} from "@af-tenancy/core";
import { demand } from "./demand.ts";
import { journalText } from "./journal-text.ts";
import { requireKind } from "./require-kind.ts";
import { runSteps } from "./run-steps.ts";
import { sweepGarbage } from "./sweep-garbage.ts";
import { takeUp } from "./take-up.ts";
import type { Workplace } from "./workplace.ts";

/**
 * Finishes the operations that nobody works on, one after the other, then drops the databases whose generation is over.
 * What fails again does not keep the rest from being repaired. Throws `ConfigurationError` for wrong options, before
 * anything is changed.
 */
export async function repair(
  workplace: Workplace,
  options: RepairOptions = {},
): Promise<RepairReport> {
  checkKnownOptions<RepairOptions>("repair", options, { dryRun: true });
  const { dryRun = false } = options;
  demand("repair.dryRun", dryRun, typeof dryRun === "boolean", "give true or false.");
  const { registry, clock } = workplace;
  const found = await registry.transaction(({ operations }) => operations.unfinished());
  const repaired: OperationRecord[] = [];
  if (!dryRun) {
    for (const operation of found) repaired.push(...(await finish(workplace, operation)));
  }
  const swept = await sweepGarbage(workplace, dryRun);
  return {
    finished: dryRun ? found.filter((one) => !isLeased(one, clock.now())) : repaired.filter(isOver),
    failed: repaired.filter((one) => !isOver(one)),
    swept,
  };
}

/** Finishes an operation and gives it as it stands afterwards; nothing when somebody else works on it. */
export async function finish(
  workplace: Workplace,
  operation: OperationRecord,
): Promise<OperationRecord[]> {
  const { registry, kinds, clock } = workplace;
  const { id, tenantId } = operation;
  if (!kinds.has(operation.kind) && isLeased(operation, clock.now())) return [];
  try {
    const kind = requireKind(workplace, operation.kind);
    const claim = await takeUp(workplace, kind, operation, { alwaysFence: true });
    if (claim === undefined) return [];
    if (isOver(claim.operation)) return [claim.operation];
    return [await runSteps(workplace, kind, claim)];
  } catch (error) {
    if (error instanceof StaleOperationError) return [];
    await tellFailure(workplace, error, tenantId);
    const left = await registry.transaction(({ operations }) => operations.find({ id }));
    return [{ ...operation, ...left, error: left?.error ?? journalText("repair", error) }];
  }
}

function isOver({ state }: OperationRecord): boolean {
  return state === "done" || state === "discarded";
}

/** Good enough where nothing is claimed; where something is, the registry's own clock decides. */
function isLeased({ leaseUntil }: OperationRecord, now: number): boolean {
  return leaseUntil !== undefined && leaseUntil > now;
}
