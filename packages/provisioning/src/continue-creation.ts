import {
  IdempotencyConflictError,
  type JsonValue,
  type OperationRecord,
  type TenantRecord,
} from "@af-tenancy/core";
import { canonicalJson } from "./canonical-json.ts";
import type { OperationKind } from "./operation-kind.ts";
import { runSteps } from "./run-steps.ts";
import { takeUp } from "./take-up.ts";
import type { Workplace } from "./workplace.ts";

/**
 * Gives the tenant of a creation that was begun before: finishes it when nobody works on it, else waits for whoever
 * does. Throws `IdempotencyConflictError` when something else was asked for then, or the tenant is gone.
 */
export async function continueCreation(
  workplace: Workplace,
  kind: OperationKind,
  begun: OperationRecord,
  input: JsonValue,
): Promise<TenantRecord> {
  const { id, idempotencyKey = "" } = begun;
  if (begun.kind !== kind.kind || canonicalJson(begun.input) !== canonicalJson(input)) {
    throw new IdempotencyConflictError(idempotencyKey);
  }
  const { registry, clock, closing, leaseMs } = workplace;
  for (;;) {
    const current = await registry.transaction(({ operations }) => operations.find({ id }));
    if (current?.state === "done" || current?.state === "discarded") break;
    const claim = await takeUp(workplace, kind, begun, { alwaysFence: false });
    if (claim?.operation.state === "running") await runSteps(workplace, kind, claim);
    if (claim !== undefined) break;
    await clock.sleep(Math.min(leaseMs / 10, 500), closing);
  }
  const tenant = await registry.store.find({ by: "id", value: begun.tenantId });
  if (tenant !== undefined) return tenant;
  throw new IdempotencyConflictError(idempotencyKey, "made a tenant that is gone");
}
