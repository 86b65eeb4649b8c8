import { randomInt } from "node:crypto";
import {
  type NewTenant,
  type PulledTenant,
  type PullOptions,
  StaleTenantError,
  type TenantRecord,
} from "@af-tenancy/core";
import { assertAllowedNames } from "../allowed-names.ts";
import { createTenant } from "../create-tenant.ts";
import { ownFields } from "../own-fields.ts";
import { refuse } from "../refuse.ts";
import { requireKind } from "../require-kind.ts";
import { requireTenant } from "../require-tenant.ts";
import { runSteps } from "../run-steps.ts";
import { validateNewTenant } from "../validate-new-tenant.ts";
import type { Workplace } from "../workplace.ts";
import { claimPending } from "./claim-pending.ts";
import { somePending } from "./pool-stock.ts";

/**
 * Makes a pending tenant what was asked for, or creates one where there is none. Steps that its pool left out are run
 * first, journalled, so that it is as finished as a created one.
 */
export async function pullTenant(
  workplace: Workplace,
  wanted: PulledTenant,
  options: PullOptions = {},
): Promise<TenantRecord | undefined> {
  await assertAllowedNames(workplace, wanted);
  const input = validatePull(wanted);
  const ifEmpty = checkedIfEmpty(options);
  const { events } = workplace;
  let asked = false;
  for (;;) {
    const some = await somePending(workplace);
    if (some.length === 0) break;
    if (!asked) await events.emit("tenantCreating", { vetoable: true, input });
    asked = true;
    const pulled = await pullOneOf(workplace, some, input);
    if (pulled !== undefined) return pulled;
  }
  return ifEmpty === "none" ? undefined : createTenant(workplace, input);
}

/** Gives nothing where somebody else was faster with each of them. */
async function pullOneOf(
  workplace: Workplace,
  some: readonly TenantRecord[],
  input: NewTenant,
): Promise<TenantRecord | undefined> {
  const { events } = workplace;
  const first = randomInt(some.length);
  for (const tenant of [...some.slice(first), ...some.slice(0, first)]) {
    await events.emit("pendingPulling", { vetoable: true, tenant, input });
    try {
      const pulled = await finishOne(workplace, tenant, input);
      await events.emit("pendingPulled", { tenant: pulled });
      return pulled;
    } catch (error) {
      if (!(error instanceof StaleTenantError)) throw error;
    }
  }
  return undefined;
}

async function finishOne(
  workplace: Workplace,
  tenant: TenantRecord,
  input: NewTenant,
): Promise<TenantRecord> {
  const { pulled, claim } = await claimPending(workplace, tenant, input);
  if (claim === undefined) {
    await workplace.events.emit("tenantCreated", { tenant: pulled });
    return pulled;
  }
  await runSteps(workplace, requireKind(workplace, "create"), claim);
  return requireTenant(workplace, pulled.id);
}

function validatePull(wanted: unknown): NewTenant {
  const known = ["slug", "name", "domains", "plan", "metadata", "homepage"] as const;
  return validateNewTenant(ownFields("tenant", wanted, known));
}

function checkedIfEmpty(options: unknown): "create" | "none" {
  const { ifEmpty = "create" } = ownFields("options", options, ["ifEmpty"]);
  if (ifEmpty !== "create" && ifEmpty !== "none") {
    refuse("options.ifEmpty", ifEmpty, 'use "create" or "none"');
  }
  return ifEmpty;
}
