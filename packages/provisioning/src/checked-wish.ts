import type { Placement } from "@af-tenancy/core";
import { checkedText, type TextRule } from "./checked-text.ts";
import { ownFields } from "./own-fields.ts";
import { refuse } from "./refuse.ts";

/** Gives what a caller may wish of a placement, in the shape of one; whether it can be met the databases decide. */
export function checkedWish(field: string, value: unknown): Partial<Placement> {
  const fields = ownFields(field, value, ["driver", "strategy", "server", "name", "secret"]);
  const wish: Record<string, string> = {};
  for (const [key, part] of Object.entries(fields))
    wish[key] = checkedText(`${field}.${key}`, part, plain);
  if (wish.strategy !== undefined && !strategies.includes(wish.strategy)) {
    refuse(`${field}.strategy`, wish.strategy, `use one of ${strategies.join(", ")}`);
  }
  return Object.freeze(wish as Partial<Placement>);
}

const strategies: readonly string[] = ["database", "schema", "row"];

const plain: TextRule = {
  pattern: /^[^\p{Cc}\p{Cs}]{1,200}$/u,
  rule: "use 1 to 200 characters and no control characters",
};
