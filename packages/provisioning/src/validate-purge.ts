import type { PurgeAllOptions, PurgeOptions } from "@af-tenancy/core";
import { checkedFlag } from "./checked-flag.ts";
import { checkedText, type TextRule } from "./checked-text.ts";
import { ownFields } from "./own-fields.ts";
import { refuse } from "./refuse.ts";

/** Gives every option of a purge; throws `InvalidInputError`. */
export function validatePurge(options: unknown = {}): Required<PurgeOptions> {
  return checked(ownFields("options", options, known));
}

/** Gives every option of a purge of several tenants; throws `InvalidInputError`. */
export function validatePurgeAll(
  options: unknown = {},
): Required<PurgeOptions> & Pick<PurgeAllOptions, "plan"> {
  const { plan, ...rest } = ownFields("options", options, [...known, "plan"]);
  if (plan === undefined) return checked(rest);
  return { ...checked(rest), plan: checkedText("options.plan", plan, hash) };
}

function checked({
  skipGrace = false,
  ifDropFails = "stop",
  dropAdopted = false,
}: Partial<Record<keyof PurgeOptions, unknown>>): Required<PurgeOptions> {
  if (ifDropFails !== "stop" && ifDropFails !== "leave") {
    refuse("options.ifDropFails", ifDropFails, 'use "stop" or "leave"');
  }
  return {
    skipGrace: checkedFlag("options.skipGrace", skipGrace),
    ifDropFails,
    dropAdopted: checkedFlag("options.dropAdopted", dropAdopted),
  };
}

const known = ["skipGrace", "ifDropFails", "dropAdopted"] as const;

const hash: TextRule = {
  pattern: /^[\w-]{43}$/,
  rule: "give the plan of the report that the same call without it gave",
};
