import type { MaybePromise } from "@af-tenancy/core";
import { rejectionCode } from "./code-of.ts";

/** Gives the code of what a call throws or rejects with; anything else as it is. */
export function thrownBy(call: () => MaybePromise<unknown>): Promise<unknown> {
  return rejectionCode((async () => call())());
}
