import { randomBytes } from "node:crypto";
import type { NewTenant, TenantRecord } from "@af-tenancy/core";
import { withoutVetoedDatabase } from "../create-tenant.ts";
import { makeTenant } from "../make-tenant.ts";
import { ownFields } from "../own-fields.ts";
import { validateNewTenant } from "../validate-new-tenant.ts";
import type { Workplace } from "../workplace.ts";
import { poolKind } from "./pool-creation.ts";

/** Makes one tenant for the pool, under a slug that nobody asked for. */
export async function createPending(workplace: Workplace): Promise<TenantRecord> {
  return makeTenant(workplace, {
    kind: poolKind,
    asks: "pendingCreating",
    input: await pendingInput(workplace),
    keyOf: ({ id }) => poolKey(id),
    prepare: (tenant) => withoutVetoedDatabase(workplace, tenant),
  });
}

/** The key of the operation that made a pending tenant; with its space it is none that a caller can give. */
export function poolKey(tenantId: string): string {
  return `pending ${tenantId}`;
}

async function pendingInput({ pending }: Workplace): Promise<NewTenant> {
  const attributes = await pending.attributes?.();
  const known = ["name", "plan", "metadata", "homepage", "placement"] as const;
  return validateNewTenant({
    ...ownFields("provisioning.pending.attributes()", attributes ?? {}, known),
    slug: `pending-${randomBytes(12).toString("hex")}`,
  });
}
