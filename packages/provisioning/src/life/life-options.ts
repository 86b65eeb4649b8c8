import { checkedText } from "../checked-text.ts";
import { ownFields } from "../own-fields.ts";
import { refuse } from "../refuse.ts";

/** Gives the reason of a call; throws `InvalidInputError`. */
export function checkedReason(options: unknown): string | undefined {
  return reasonOf(ownFields("options", options, ["reason"]).reason);
}

/** Gives the reason and the grace of a call; throws `InvalidInputError`. */
export function checkedGrace(options: unknown): { reason?: string; graceMs?: number } {
  const fields = ownFields("options", options, ["reason", "graceMs"]);
  const reason = reasonOf(fields.reason);
  const { graceMs } = fields;
  if (graceMs !== undefined && !isDuration(graceMs)) {
    refuse("options.graceMs", graceMs, "use whole milliseconds from 0 to ten years");
  }
  return { ...(reason !== undefined && { reason }), ...(graceMs !== undefined && { graceMs }) };
}

function reasonOf(reason: unknown): string | undefined {
  return reason === undefined ? undefined : checkedText("options.reason", reason, reasonRule);
}

const reasonRule = {
  pattern: /^[^\p{Cc}\p{Cs}]{1,500}$/u,
  rule: "use 1 to 500 characters and no control characters",
} as const;

function isDuration(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= tenYears;
}

const tenYears = 3_650 * 24 * 3_600_000;
