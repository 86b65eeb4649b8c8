import type { JsonValue, OperationRecord, TenantLike } from "@af-tenancy/core";
import { ownCall } from "./check-operations.ts";
import { checkedJson } from "./checked-json.ts";
import { openOperation } from "./open-operation.ts";
import { refuse } from "./refuse.ts";
import { requireKind } from "./require-kind.ts";
import { requireTenant } from "./require-tenant.ts";
import { runSteps } from "./run-steps.ts";
import type { Workplace } from "./workplace.ts";

/** Runs a registered operation for one tenant, journalled. */
export async function runOperation(
  workplace: Workplace,
  name: string,
  reference: TenantLike,
  input: JsonValue,
): Promise<OperationRecord> {
  const call = ownCall(name);
  if (call !== undefined) refuse("kind", name, `call tenants.${call}() instead`);
  const kind = requireKind(workplace, name);
  const journalled = checkedJson("input", input);
  const tenant = await requireTenant(workplace, reference);
  const claim = await openOperation(workplace, {
    tenantId: tenant.id,
    kind: name,
    generation: tenant.placement?.generation ?? 0,
    idempotencyKey: undefined,
    input: journalled,
    actor: workplace.actor(),
  });
  return runSteps(workplace, kind, claim);
}
