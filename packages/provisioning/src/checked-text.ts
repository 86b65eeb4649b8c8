import { refuse } from "./refuse.ts";

/** What a text has to be like, and how that is said to whoever wrote it. */
export interface TextRule {
  readonly pattern: RegExp;
  readonly rule: string;
}

/** The rules for the texts that make up a tenant. */
export const textRules = {
  id: {
    pattern: /^[A-Za-z0-9_-]{1,64}$/,
    rule: 'use 1 to 64 letters, digits, "_" and "-"',
  },
  slug: {
    pattern: /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    rule: 'use 1 to 63 of "a-z", "0-9" and "-", without a "-" at either end',
  },
  name: {
    pattern: /^(?=.*\S)[^\p{Cc}\p{Cs}]{1,200}$/u,
    rule: "use 1 to 200 characters, not only spaces and no control characters",
  },
  plan: {
    pattern: /^[^\p{Cc}\p{Cs}]{1,100}$/u,
    rule: "use 1 to 100 characters and no control characters",
  },
  idempotencyKey: {
    pattern: /^[\x21-\x7e]{1,200}$/,
    rule: "use 1 to 200 visible ASCII characters",
  },
} as const satisfies Record<string, TextRule>;

/** Gives a text that fits its rule; throws `InvalidInputError`. */
export function checkedText(field: string, value: unknown, { pattern, rule }: TextRule): string {
  if (typeof value !== "string" || !pattern.test(value)) refuse(field, value, rule);
  return value;
}
