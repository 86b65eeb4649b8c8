import { TenancyError } from "@af-tenancy/core";

/** What clients read while a tenant's database cannot be used. */
const unavailable = "The service is not available right now; try again soon.";

/** Thrown when a tenant's database is there and cannot be opened. */
export class DatabaseUnavailableError extends TenancyError {
  readonly code = "DATABASE_UNAVAILABLE";
  override readonly status = 503;
  override readonly publicMessage = unavailable;
  override readonly retryAfter = 5;
  override readonly transient: boolean;

  /** `transient` is the driver's word that it passes by itself. */
  constructor(
    name: string,
    { transient = false, ...options }: ErrorOptions & { readonly transient?: boolean },
  ) {
    super(
      `The database "${name}" cannot be opened: see the cause, and check its server, file and limits.`,
      options,
    );
    this.transient = transient;
  }
}

/** Thrown when a server refuses what it was asked: a wrong password, a missing right, no TLS. Asking again changes nothing. */
export class DatabaseRefusedError extends TenancyError {
  readonly code = "DATABASE_REFUSED";
  override readonly status = 503;
  override readonly publicMessage = unavailable;

  constructor(name: string, what: string, remedy: string, options?: ErrorOptions) {
    super(`The server of the database "${name}" refuses ${what}: ${remedy}.`, options);
  }
}

/** Thrown when the user that a tenant's database would get exists already; nothing was made. */
export class DatabaseUserTakenError extends TenancyError {
  readonly code = "DATABASE_USER_TAKEN";
  override readonly status = 409;
  override readonly publicMessage = "This is in conflict with what is already there.";

  constructor(user: string, options?: ErrorOptions) {
    super(
      `The database user "${user}" exists and is not this tenant's: nothing was made; choose another name, or remove ` +
        "the user if nobody needs it.",
      options,
    );
  }
}
