import type { TenantDatabases } from "@af-tenancy/core";
import { activateTenant } from "../activate-tenant.ts";
import { creation } from "../creation.ts";
import type { CreationSteps } from "../creation-options.ts";
import type { OperationKind } from "../operation-kind.ts";
import type { PendingSteps } from "./pending-options.ts";

/** The kind of the operation that makes a tenant for the pool; steps of the application tell by it that it is one. */
export const poolKind = "create-pending";

/** Makes the operation that turns a written tenant into a pending one: a creation that ends earlier. */
export function poolCreation(
  databases: TenantDatabases,
  own: CreationSteps,
  steps: PendingSteps = {},
): OperationKind {
  const whole = creation(databases, own);
  const later = laterSteps(own, steps);
  return {
    ...whole,
    kind: poolKind,
    steps: [
      ...whole.steps.filter(({ name }) => !later.has(name)),
      {
        name: "pool",
        commit: activateTenant("ready", { status: "pending", type: "tenant.pending" }),
      },
    ],
    announce: (events, tenant) => events.emit("pendingCreated", { tenant }),
  };
}

/** Names of the steps that wait until the tenant is pulled. */
function laterSteps(
  own: CreationSteps,
  { migrate = true, database = migrate, tenant = false }: PendingSteps,
): ReadonlySet<string> {
  const names = ["activate"];
  if (!migrate) names.push("migrate", "verify");
  if (!database) names.push("seed", ...namesOf(own.database));
  if (!tenant) names.push(...namesOf(own.tenant));
  return new Set(names);
}

function namesOf(steps: CreationSteps["database"] = []): readonly string[] {
  return steps.map(({ name }) => name);
}
