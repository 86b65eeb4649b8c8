import {
  type FleetSeedingOptions,
  type SeedRequest,
  type TenantReference,
  type TenantSeeding,
  UnknownSeederError,
} from "@af-tenancy/core";
import { checkedFlag } from "../checked-flag.ts";
import { checkedText, textRules } from "../checked-text.ts";
import { checkedCount, checkedReferences } from "../migrations/plan-options.ts";
import { ownFields } from "../own-fields.ts";
import { refuse } from "../refuse.ts";

/** Every option of a run, checked. */
export interface CheckedSeeding {
  readonly request: SeedRequest;
  /** `undefined` for all. */
  readonly tenants: readonly TenantReference[] | undefined;
  readonly plan: string | undefined;
  readonly pending: boolean;
  readonly concurrency: number;
  readonly stops: boolean;
  readonly retries: number;
  readonly signal: AbortSignal | undefined;
}

/** Gives every option of a run; throws `UnknownSeederError` and `InvalidInputError`. */
export function checkedSeeding(
  seeding: TenantSeeding,
  options: FleetSeedingOptions = {},
): CheckedSeeding {
  const fields = ownFields("options", options, known);
  const { tenants, plan, pending = false, concurrency = 4, retries = 3 } = fields;
  const { onFailure = "stop", signal } = fields;
  if (onFailure !== "stop" && onFailure !== "skip") {
    refuse("options.onFailure", onFailure, 'use "stop" or "skip"');
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    refuse("options.signal", signal, "give an AbortSignal");
  }
  return {
    request: checkedRequest(seeding, fields),
    tenants: checkedTenants(tenants),
    plan: plan === undefined ? undefined : checkedText("options.plan", plan, textRules.plan),
    pending: checkedFlag("options.pending", pending),
    concurrency: checkedCount("options.concurrency", concurrency, 1, 256),
    stops: onFailure === "stop",
    retries: checkedCount("options.retries", retries, 0, 20),
    signal,
  };
}

type Fields = Partial<Record<(typeof known)[number], unknown>>;

function checkedRequest(
  { names }: TenantSeeding,
  { seeders, again = false, onProgress }: Fields,
): SeedRequest {
  if (seeders !== undefined && !Array.isArray(seeders)) {
    refuse("options.seeders", seeders, "give an array of names, or leave it out");
  }
  for (const name of seeders ?? []) {
    if (!names.includes(name)) throw new UnknownSeederError(String(name), names);
  }
  if (onProgress !== undefined && typeof onProgress !== "function") {
    refuse("options.onProgress", onProgress, "give a function");
  }
  return {
    ...(seeders !== undefined && { seeders }),
    again: checkedFlag("options.again", again),
    ...(onProgress !== undefined && { onProgress: onProgress as SeedRequest["onProgress"] & {} }),
  };
}

function checkedTenants(tenants: unknown): readonly TenantReference[] | undefined {
  if (tenants === undefined || tenants === null) return undefined;
  if (Array.isArray(tenants) && tenants.length === 0) return [];
  return checkedReferences("options.tenants", tenants);
}

const known = [
  ...(["seeders", "again", "signal", "onProgress", "tenants", "plan", "pending"] as const),
  ...(["concurrency", "onFailure", "retries"] as const),
] as const satisfies readonly (keyof FleetSeedingOptions)[];
