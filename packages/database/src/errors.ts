import { TenancyError } from "@af-tenancy/core";

/** What clients read while a tenant's database cannot be used. */
const unavailable = "The service is not available right now; try again soon.";

/** Thrown when a tenant's database does not bear that tenant's marker: a wrong restore, a wrong path, a swapped file. */
export class DatabaseMismatchError extends TenancyError {
  readonly code = "DATABASE_MISMATCH";

  constructor(name: string, expected: string, found: string) {
    super(
      `The database "${name}" is placed as ${expected} but its marker says ${found}: it is not opened. Put back the ` +
        "right file or database, or correct the tenant's placement.",
    );
  }
}

/** Thrown when a tenant's database holds what a copy of it would lack or change; nothing was copied. */
export class CloneRefusedError extends TenancyError {
  readonly code = "CLONE_REFUSED";
  override readonly status = 409;
  override readonly publicMessage = "This account cannot be copied as it is now.";

  constructor(name: string, why: string) {
    super(
      `The database "${name}" cannot be cloned: ${why}. Bring it to the schema of this application by its migrations, ` +
        "or copy it with the tools of its server and adopt the copy.",
    );
  }
}

/** Thrown when a statement ran longer than the driver's limit; its connection is closed and never used again. */
export class QueryTimeoutError extends TenancyError {
  readonly code = "QUERY_TIMEOUT";
  override readonly status = 503;
  override readonly publicMessage = unavailable;

  constructor(name: string, milliseconds: number) {
    super(
      `A statement on the database "${name}" took longer than ${milliseconds} ms and was given up: see what it waits ` +
        "for, give it an index, or raise queryTimeout.",
    );
  }
}

/** Thrown when SQL would change the session of a connection that several users share at once, as behind a pooler. */
export class SessionFeatureError extends TenancyError {
  readonly code = "SESSION_FEATURE_REFUSED";

  constructor(what: string) {
    super(
      `${what} is refused because the next statement may meet another session: use "set local" and transaction-level ` +
        "locks, or connect to the server directly.",
    );
  }
}

/** Thrown when a database has some tables of the application's entities and lacks others. */
export class SchemaOutdatedError extends TenancyError {
  readonly code = "SCHEMA_OUTDATED";
  override readonly status = 503;
  override readonly publicMessage = unavailable;

  constructor(name: string, missing: readonly string[]) {
    super(
      `The schema of the database "${name}" is not the application's: it lacks ${missing.map((table) => `"${table}"`).join(", ")}. ` +
        "Bring the tables there with a migration before this version of the application serves it.",
    );
  }
}

/** Thrown when a write that verification makes and takes back did not behave as a write. */
export class CanaryFailedError extends TenancyError {
  readonly code = "CANARY_FAILED";
  override readonly status = 503;
  override readonly publicMessage = unavailable;

  constructor(name: string, what: string) {
    super(
      `The database "${name}" failed its test write: ${what}. Do not serve the tenant from it; check the disk and its rights.`,
    );
  }
}

/** Thrown when a connection to a tenant's database did not become free in time. */
export class PoolExhaustedError extends TenancyError {
  readonly code = "POOL_EXHAUSTED";
  override readonly status = 503;
  override readonly publicMessage = unavailable;
  override readonly retryAfter = 1;
  override readonly transient = true;

  constructor(name: string, milliseconds: number) {
    super(
      `No connection to "${name}" became free within ${milliseconds} ms: keep transactions short, and inside ` +
        "em.transactional() use the entity manager that it hands you, because another one waits for the same connection.",
    );
  }
}

/** Thrown when a stream is read on after its connection was needed for the end of its transaction or scope. */
export class StreamEndedError extends TenancyError {
  readonly code = "STREAM_ENDED";

  constructor() {
    super(
      "A stream was read on after the end of the transaction or scope that it was begun in, or after checkoutDeadline: " +
        "read it to its end there and in time, and await that.",
    );
  }
}

/** Thrown when SQL or a client would leave the tenant's own database, or its own rows in shared tables. */
export class UnscopedSqlError extends TenancyError {
  readonly code = "UNSCOPED_SQL";

  constructor(what: string) {
    super(
      `${what} is refused because nothing would keep it to the tenant's own data: use the entity manager and its ` +
        "query builder; em.execute() and em.getKysely() too, unless tenants share tables on an engine without " +
        "row-level security, where only db.unscoped(reason, work) gives them.",
    );
  }
}

/** Thrown at start when MikroORM is of a version that this package was not proven with. */
export class UnsupportedOrmError extends TenancyError {
  readonly code = "UNSUPPORTED_ORM";

  constructor(version: string, range: string) {
    super(
      `MikroORM ${version} is installed and ${range} is supported: install @mikro-orm/core, sql, migrations and the ` +
        "driver in one supported version.",
    );
  }
}

/** Thrown at start when the server would not keep the rows of tenants in shared tables apart. */
export class RowsExposedError extends TenancyError {
  readonly code = "ROWS_EXPOSED";

  constructor(server: string, what: string, remedy: string) {
    super(
      `Tenants that share tables are not kept apart by the server "${server}", and nothing is served there. ${what} ${remedy}`,
    );
  }
}

/** Thrown at start when two sample tenants could see each other's rows, so that nothing is served. */
export class IsolationBrokenError extends TenancyError {
  readonly code = "ISOLATION_BROKEN";

  constructor(what: string, options?: ErrorOptions) {
    super(
      `Tenants are not kept apart by this installation of MikroORM: ${what}. Nothing is served; install the versions ` +
        "that this package names as peers, each of them once.",
      options,
    );
  }
}

/**
 * Thrown when work inside a transaction wants another connection to a database that has only the one it holds, or would
 * write for another tenant in the file that its transaction has locked.
 */
export class ConnectionHeldError extends TenancyError {
  readonly code = "CONNECTION_HELD";

  constructor(name: string, held: "connection" | "shared file" = "connection") {
    const what = held === "connection" ? `The one connection to "${name}"` : `The file "${name}"`;
    super(
      `${what} is held by a transaction that this very call is part of, so waiting for it would never end: ${remedies[held]}`,
    );
  }
}

/** Thrown when something would be written for a tenant whose access is `read-only`, before any SQL where that can be. */
export class TenantReadOnlyError extends TenancyError {
  readonly code = "TENANT_READ_ONLY";
  override readonly status = 503;
  override readonly publicMessage = "Nothing can be changed right now; try again soon.";
  override readonly retryAfter = 30;

  constructor(tenantId: string, options?: ErrorOptions) {
    super(
      `Tenant "${tenantId}" may only be read at the moment, and something would have been written: wait for the ` +
        "operation that set its access, or repair it.",
      options,
    );
  }
}

/** Thrown when something would be written with the entity manager of `readOnly()`, before any SQL where that can be. */
export class ReadOnlyManagerError extends TenancyError {
  readonly code = "READ_ONLY_MANAGER";

  constructor(tenantId: string, options?: ErrorOptions) {
    super(
      `Something would have been written for tenant "${tenantId}" with the entity manager of readOnly(): use em() for it.`,
      options,
    );
  }
}

/** Thrown when a tenant's synced record would be changed where no tenant is current; nothing of its flush is kept. */
export class CentralRecordRequiredError extends TenancyError {
  readonly code = "CENTRAL_RECORD_REQUIRED";

  constructor(entity: string, central: string) {
    super(
      `A record of "${entity}" is a tenant's and would be changed where no tenant is current: change "${central}" with ` +
        "db.central(), from where it reaches the tenants, or do it inside tenancy.run(tenant, fn).",
    );
  }
}

const remedies = {
  connection:
    "use the entity manager that em.transactional() hands you, or db.em() in the same scope, instead of a fork, " +
    "another run() or Kysely from outside; what needs a connection of its own goes after the transaction.",
  "shared file":
    "tenants share the file, and one of them writes at a time; what is written for another tenant goes before the " +
    "transaction or after it.",
} as const;
