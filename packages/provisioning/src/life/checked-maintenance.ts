import { isAddressBlock, type KeyRing, type Maintenance, sealBypass } from "@af-tenancy/core";
import { checkedText } from "../checked-text.ts";
import { ownFields } from "../own-fields.ts";
import { refuse } from "../refuse.ts";

/** Gives a maintenance, its secret sealed; throws `InvalidInputError`, and `KeysRequiredError` for a secret without keys. */
export function checkedMaintenance(value: unknown, keys: () => KeyRing): Maintenance {
  const fields = ownFields("maintenance", value, known);
  const message = checkedText("maintenance.message", fields.message, {
    pattern: /^(?=.*\S)[^\p{Cc}\p{Cs}]{1,500}$/u,
    rule: "use 1 to 500 characters, not only spaces and no control characters",
  });
  const { retryAfter, from, until, allowed, secret } = fields;
  if (!isTime(retryAfter) || retryAfter > 31_536_000) {
    refuse("maintenance.retryAfter", retryAfter, "use whole seconds, a year at most");
  }
  checkTime("maintenance.from", from);
  checkTime("maintenance.until", until);
  if (isTime(until) && until <= (isTime(from) ? from : 0)) {
    refuse("maintenance.until", until, "let it end after it begins");
  }
  const own = secret === undefined ? undefined : checkedSecret(secret);
  return Object.freeze({
    ...{ message, retryAfter },
    ...(isTime(from) && { from }),
    ...(isTime(until) && { until }),
    ...(allowed !== undefined && { allowed: checkedBlocks(allowed) }),
    ...(own !== undefined && { bypass: sealBypass(keys(), own) }),
  });
}

/** Whole milliseconds, not before 1970, and within what a date can be. */
export function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= 8.64e15;
}

function checkTime(field: string, value: unknown): void {
  if (value === undefined || isTime(value)) return;
  refuse(field, value, "use whole milliseconds since 1970, or leave it out");
}

function checkedBlocks(value: unknown): readonly string[] {
  const isList = Array.isArray(value) && value.length >= 1 && value.length <= 100;
  if (!isList) refuse("maintenance.allowed", value, "give 1 to 100 addresses or blocks");
  for (const [index, block] of value.entries()) {
    if (isAddressBlock(block)) continue;
    const rule = 'give an address such as "192.0.2.7", or a block such as "2001:db8::/32"';
    refuse(`maintenance.allowed[${index}]`, block, rule);
  }
  return Object.freeze([...value]);
}

/** Long enough that nobody guesses it, and never shown. */
function checkedSecret(value: unknown): string {
  const isFine = typeof value === "string" && /^[\x21-\x7e]{20,200}$/.test(value);
  if (isFine) return value;
  return refuse("maintenance.secret", typeof value, "use 20 to 200 ASCII characters, no spaces");
}

const known = ["message", "retryAfter", "from", "until", "allowed", "secret"] as const;
