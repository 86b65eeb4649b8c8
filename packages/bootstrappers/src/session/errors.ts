import { TenancyError } from "@af-tenancy/core";

/** Thrown when a session of one tenant is brought to another one, or to the central side, or from there to a tenant. */
export class SessionTenantMismatchError extends TenancyError {
  readonly code = "SESSION_TENANT_MISMATCH";
  override readonly status = 403;
  override readonly publicMessage = "This session belongs elsewhere.";
  /** Takes the cookie from the browser, so that one whose host has another tenant by now is not refused for ever. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(owner: string, here: string, expired: string) {
    super(
      `A session of ${owner} was brought to ${here}: it was left as it is. Where that is no attack, give the two sides ` +
        "host names of which neither cookie reaches the other.",
    );
    this.headers = { "set-cookie": expired };
  }
}

/** Thrown when a session is asked for outside every scope of the tenancy, where nobody knows whose it would be. */
export class SessionOutsideTenancyError extends TenancyError {
  readonly code = "SESSION_OUTSIDE_TENANCY";

  constructor() {
    super(
      "A session was asked for before the tenant was identified: mount the tenancy before the session, as in " +
        "app.use(tenancyMiddleware(tenancy)).use(expressSession(...)).",
    );
  }
}

/** Thrown when the store of sessions cannot be read or written. */
export class SessionStoreUnavailableError extends TenancyError {
  readonly code = "SESSION_STORE_UNAVAILABLE";
  override readonly status = 503;
  override readonly publicMessage = "The service is not available right now; try again soon.";
  override readonly retryAfter = 5;
  override readonly transient = true;

  constructor(what: string, options?: ErrorOptions) {
    super(`The session store cannot ${what}: see the cause, and check its server.`, options);
  }
}

/** Thrown when a request has two cookies of the session's name: one of them was set by somebody else. */
export class SessionCookieDoubledError extends TenancyError {
  readonly code = "SESSION_COOKIE_DOUBLED";
  override readonly status = 400;
  override readonly publicMessage = "The request has more than one session cookie.";

  constructor(name: string) {
    super(
      `The cookie "${name}" was sent more than once: another host of the same domain may have set one. Keep the ` +
        "__Host- name, which no other host can set.",
    );
  }
}
