import type { StatusMove, TenantChanges, TenantRecord, TenantStatus } from "@af-tenancy/core";

/** What a call asks for, checked. */
export interface MoveWish {
  /** Milliseconds since 1970 at which it begins to bite, where the move knows a grace. */
  readonly graceUntil?: number | undefined;
  /** Since when a tenant that has expired counts as suspended; absent where somebody orders the suspension. */
  readonly since?: number | undefined;
}

/** One way in which a tenant's status changes. */
export interface Move {
  readonly name: StatusMove;
  /** What it did, in the outbox and the audit trail: `tenant.<did>`. */
  readonly did: string;
  /** The status that the tenant gets. */
  to(tenant: TenantRecord): TenantStatus;
  /** What changes beside the status. */
  changes(tenant: TenantRecord, wish: MoveWish, now: number): TenantChanges;
  /** What still changes in a tenant that has the status already; nothing when absent. */
  again?(tenant: TenantRecord, wish: MoveWish): TenantChanges | undefined;
}
