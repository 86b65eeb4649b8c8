import type { LeaseScope } from "./lease-scope.ts";

/** What may be said of who wants a connection. */
export interface LeaseRequest extends Partial<Pick<LeaseScope, "signal">> {
  /** Background work gets what the others leave. */
  readonly lane?: "bulk";
}
