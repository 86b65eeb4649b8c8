import { statusMoves, type TenantStatus } from "@af-tenancy/core";
import type { CallName } from "./calls.ts";

/** What the model keeps of a tenant. */
export interface ModelTenant {
  readonly status: TenantStatus;
  readonly former: TenantStatus | undefined;
}

/** What becomes of a tenant by a call: the tenant after it, and whether the call was refused. */
export interface ModelAnswer {
  readonly after: ModelTenant;
  readonly outcome: "moved" | "there already" | "refused";
}

/** Says what a call has to do, from the table alone. */
export function modelCall(tenant: ModelTenant, name: CallName): ModelAnswer {
  const { status, former } = tenant;
  const leadsThere = Object.values(statusMoves).some((moves) => moves[status] === name);
  if (leadsThere) return { after: tenant, outcome: "there already" };
  const targets = Object.entries(statusMoves[status])
    .filter(([, move]) => move === name)
    .map(([to]) => to as TenantStatus);
  if (targets.length === 0) return { after: tenant, outcome: "refused" };
  const [only] = targets;
  if (targets.length === 1 && only !== undefined)
    return { after: aside(only, status), outcome: "moved" };
  const back = former !== undefined && targets.includes(former) ? former : "inactive";
  return { after: { status: back, former: undefined }, outcome: "moved" };
}

function aside(status: TenantStatus, from: TenantStatus): ModelTenant {
  const keeps = ["blocked", "archived", "deleted"].includes(status);
  return { status, former: keeps ? from : undefined };
}
