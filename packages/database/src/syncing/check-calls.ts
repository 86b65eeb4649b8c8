import { InvalidInputError } from "@af-tenancy/core";
import type { KnownResources } from "./known-resources.ts";
import type { SyncStep } from "./sync-step.ts";
import type { DeliverOptions } from "./syncing-options.ts";

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
export function checkDeliver(options: unknown): asserts options is DeliverOptions {
  checkKeys("options", options, ["tenants"]);
  const { tenants } = options as { readonly tenants?: unknown };
  if (tenants === undefined || (Array.isArray(tenants) && tenants.every(isName))) return;
  refuse("options.tenants", tenants, "give a list of tenants' ids");
}

/** Throws `InvalidInputError` for keys that there are not. */
export function checkKeys(what: string, given: unknown, known: readonly string[]): void {
  if (typeof given !== "object" || given === null)
    refuse(what, given, "give an object, or nothing");
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    refuse(`${what}.${unknown}`, Reflect.get(given, unknown), `there is only ${known.join(", ")}`);
  }
}

function isName(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function refuse(what: string, value: unknown, rule: string): never {
  throw new InvalidInputError(what, String(value), rule);
}
