import { checkOptions, type OptionRule, refuse } from "../transfer/data-options.ts";
import type { KnownResources } from "./known-resources.ts";
import type { SyncStep } from "./sync-step.ts";
import type { DeliverOptions } from "./syncing-options.ts";
import type { RecordKey } from "./tenant-states.ts";

/** Gives a step that a queue brought back; throws `InvalidInputError` for what can be none, so that no queue loses it. */
export function checkedStep({ list }: KnownResources, step: unknown): SyncStep {
  const { to, resource, globalId, tenantId } = Object(step) as Partial<SyncStep>;
  if (to !== "central" && to !== "tenant") refuse("step.to", to, 'it is "central" or "tenant"');
  const names = list.map(({ name }) => name);
  if (!names.includes(String(resource))) {
    refuse("step.resource", resource, `it is one of ${names.join(", ")}`);
  }
  if (!isName(globalId)) refuse("step.globalId", globalId, "it is a text");
  if (!isName(tenantId)) refuse("step.tenantId", tenantId, "it is a tenant's id");
  return step as SyncStep;
}

/** Throws `InvalidInputError` for options of `deliver` that say nothing or something else. */
export function checkDeliver(options: DeliverOptions): void {
  checkOptions(options, {
    tenants: {
      rule: "give a list of tenants' ids",
      fits: (value) => Array.isArray(value) && value.every(isName),
    },
  });
}

/** Throws `InvalidInputError` for conditions on mappings that say nothing or something else. */
export function checkMappings(only: Partial<RecordKey & { readonly tenantId: string }>): void {
  checkOptions(only, { resource: aText, globalId: aText, tenantId: aText });
}

const aText: OptionRule = { rule: "give a text", fits: (value) => typeof value === "string" };

function isName(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}
