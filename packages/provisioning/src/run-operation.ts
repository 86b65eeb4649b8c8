import type { JsonValue, OperationRecord } from "@af-tenancy/core";
import { ownKinds } from "./check-operations.ts";
import { checkedJson } from "./checked-json.ts";
import { checkedText, textRules } from "./checked-text.ts";
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
  tenantId: string,
  input: JsonValue,
): Promise<OperationRecord> {
  const kind = requireKind(workplace, name);
  if (ownKinds.includes(name)) refuse("kind", name, `call tenants.${name}() instead`);
  const journalled = checkedJson("input", input);
  const tenant = await requireTenant(workplace, checkedText("tenantId", tenantId, textRules.id));
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
