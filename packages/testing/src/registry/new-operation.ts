import type { NewOperation } from "@af-tenancy/core";
import { acme } from "../fixtures/tenant-record.ts";

/** Makes an operation that a test opens: for acme, unless it says otherwise. */
export function newOperation(values: Partial<NewOperation> = {}): NewOperation {
  return {
    id: "operation-1",
    tenantId: acme().id,
    kind: "create",
    generation: 1,
    idempotencyKey: undefined,
    input: {},
    actor: undefined,
    ...values,
  };
}
