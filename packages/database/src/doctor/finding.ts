/** `error`: tenants are not kept apart, or will not be served. `warning`: it works, and may not for long. */
export type Severity = "error" | "warning";

/** One thing that is wrong with the set-up around tenant databases. */
export interface Finding {
  /** Id of the check that found it, such as `postgresql/public-connect`; never changes its meaning. */
  readonly check: string;
  readonly severity: Severity;
  /** What it is wrong with: a server, a database, a role, a table, a file. */
  readonly subject: string;
  /** What is wrong, with the values found. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}
