import { TenancyError } from "@af-tenancy/core";

/** Thrown when a request names its tenant twice or by what can be no name. */
export class InvalidReferenceError extends TenancyError {
  readonly code = "INVALID_TENANT_REFERENCE";
  override readonly status = 400;
  override readonly publicMessage = "The request names its tenant in a malformed way.";

  /** `place` is where it stands, such as `header "X-Tenant"`; of `value` no more is shown than a log can bear. */
  constructor(place: string, value: string, reason: string, options?: ErrorOptions) {
    const shown = value.length <= 100 ? value : `${value.slice(0, 99)}…`;
    super(
      `The ${place} says ${JSON.stringify(shown)}, which names no tenant: ${reason}. Send one name of one tenant.`,
      options,
    );
  }
}

/** Thrown when a bearer token is malformed, expired, or not signed by a known key for this application. */
export class InvalidTokenError extends TenancyError {
  readonly code = "INVALID_TOKEN";
  override readonly status = 401;
  override readonly publicMessage = "The token is not valid.";

  constructor(reason: string, options?: ErrorOptions) {
    super(`The bearer token is not valid (${reason}): get a new one from its issuer.`, options);
  }
}

/** Thrown when the keys that tokens are checked with cannot be had. */
export class TokenKeysUnavailableError extends TenancyError {
  readonly code = "TOKEN_KEYS_UNAVAILABLE";
  override readonly status = 503;
  override readonly publicMessage = "The service is not available right now; try again soon.";
  override readonly retryAfter = 5;
  override readonly transient = true;

  constructor(options: ErrorOptions) {
    super(
      "The keys for bearer tokens cannot be had: see the cause, and check their server.",
      options,
    );
  }
}
