import type { TenantStatus } from "../contracts/tenant.ts";
import { TenancyError } from "./tenancy-error.ts";

/** Thrown when a tenant's status does not allow a move; nothing was changed. */
export class IllegalMoveError extends TenancyError {
  readonly code = "ILLEGAL_MOVE";
  override readonly status = 409;
  override readonly publicMessage = "This cannot be done with the account as it is now.";
  /** The status that the tenant has. */
  readonly from: TenantStatus;
  /** What may be done instead. */
  readonly allowed: readonly string[];

  constructor(
    { id, status }: { readonly id: string; readonly status: TenantStatus },
    move: string,
    allowed: readonly string[],
  ) {
    const moves = allowed.length === 0 ? "nothing any more" : allowed.join(", ");
    super(`Tenant "${id}" is "${status}", so "${move}" cannot be done; allowed now: ${moves}.`);
    this.from = status;
    this.allowed = Object.freeze([...allowed]);
  }
}

/** Thrown when a tenant cannot be cloned as it is, or as it is kept. */
export class TenantNotClonableError extends TenancyError {
  readonly code = "TENANT_NOT_CLONABLE";
  override readonly status = 409;
  override readonly publicMessage = "This account cannot be copied as it is now.";

  constructor(id: string, why: string) {
    super(`Tenant "${id}" cannot be cloned: ${why}.`);
  }
}

/** Thrown when a deleted tenant is to be restored after its grace: it may be purged at any moment. */
export class RestoreTooLateError extends TenancyError {
  readonly code = "RESTORE_TOO_LATE";
  override readonly status = 409;
  override readonly publicMessage = "The time in which this account could be restored is over.";

  constructor(id: string, graceUntil: number) {
    super(
      `Tenant "${id}" could be restored until ${new Date(graceUntil).toISOString()}: it is due to be purged, so bring ` +
        "its data back from a backup, into a new tenant.",
    );
  }
}

/** Thrown when this process takes something for due that the registry's own time does not; nothing was changed. */
export class ClockAheadError extends TenancyError {
  readonly code = "CLOCK_AHEAD";

  constructor(milliseconds: number) {
    super(
      `This machine's clock is ahead of the registry's by ${milliseconds} ms or more, so nothing is done on its word: ` +
        "set the clock, then sweep again.",
    );
  }
}
