import { describe, expect, it } from "vitest";
import * as core from "../../src/index.ts";

const { isTenancyError, TenancyError, TenantDeniedError } = core;

/** Every error class: how it is made, its code and status, and words of its remedy. */
const errors: Readonly<
  Record<string, readonly [error: core.TenancyError, code: string, status: number, remedy: string]>
> = {
  AmbiguousPathError: [
    new core.AmbiguousPathError("/Admin", "two rules hold"),
    "AMBIGUOUS_PATH",
    400,
    "as the rule spells it",
  ],
  CacheLockTakenError: [
    new core.CacheLockTakenError("invoices"),
    "CACHE_LOCK_TAKEN",
    409,
    "wait for it",
  ],
  CacheReentryError: [new core.CacheReentryError("menu"), "CACHE_REENTRY", 500, "take get()"],
  CacheUnavailableError: [
    new core.CacheUnavailableError("no answer"),
    "CACHE_UNAVAILABLE",
    503,
    "check its server",
  ],
  ConfigurationError: [
    new core.ConfigurationError("store", "42", "pass a TenantStore."),
    "INVALID_CONFIGURATION",
    500,
    "pass a TenantStore",
  ],
  ContextEndedError: [
    new core.ContextEndedError("acme"),
    "CONTEXT_ENDED",
    500,
    "waitUntil(promise)",
  ],
  DatabaseNotReadyError: [
    new core.DatabaseNotReadyError("acme", "it is gone"),
    "DATABASE_NOT_READY",
    503,
    "repair()",
  ],
  DatabaseOwnedError: [
    new core.DatabaseOwnedError("t_1", "nobody"),
    "DATABASE_OWNED",
    409,
    "look at it",
  ],
  DecryptionError: [
    new core.DecryptionError("cookie"),
    "DECRYPTION_FAILED",
    500,
    "add the old key",
  ],
  DomainTakenError: [new core.DomainTakenError("a.test"), "DOMAIN_TAKEN", 409, "choose another"],
  DuplicateCoreError: [new core.DuplicateCoreError("1", "2"), "DUPLICATE_CORE", 500, "npm ls"],
  IdempotencyConflictError: [
    new core.IdempotencyConflictError("k"),
    "IDEMPOTENCY_CONFLICT",
    409,
    "use a new key",
  ],
  InvalidHostError: [
    new core.InvalidHostError("a@b", "it has an @"),
    "INVALID_HOST",
    400,
    "Send one ASCII",
  ],
  ClockAheadError: [new core.ClockAheadError(5), "CLOCK_AHEAD", 500, "set the clock"],
  IllegalMoveError: [
    new core.IllegalMoveError({ id: "acme", status: "blocked" }, "resume", ["unblock", "delete"]),
    "ILLEGAL_MOVE",
    409,
    "allowed now: unblock, delete",
  ],
  InvalidInputError: [
    new core.InvalidInputError("slug", "A B", "use lower case"),
    "INVALID_INPUT",
    422,
    "use lower case",
  ],
  InvalidTenantError: [new core.InvalidTenantError("42"), "INVALID_TENANT", 500, "give an object"],
  KeysRequiredError: [new core.KeysRequiredError("cookie"), "KEYS_REQUIRED", 500, "createKeyRing"],
  MigrationDirtyError: [
    new core.MigrationDirtyError("acme", "0002-tags"),
    "MIGRATION_DIRTY",
    500,
    "resolve()",
  ],
  MigrationFailedError: [
    new core.MigrationFailedError("acme", "0002-tags", "alter table", {}),
    "MIGRATION_FAILED",
    500,
    "mend it",
  ],
  MigrationLockedError: [
    new core.MigrationLockedError("acme"),
    "MIGRATION_LOCKED",
    409,
    "wait until",
  ],
  MigrationPlanHeldError: [
    new core.MigrationPlanHeldError("p"),
    "MIGRATION_PLAN_HELD",
    409,
    "run the plan again",
  ],
  MigrationPlanNotFoundError: [
    new core.MigrationPlanNotFoundError("p"),
    "MIGRATION_PLAN_NOT_FOUND",
    404,
    "plans()",
  ],
  MigrationTimeoutError: [
    new core.MigrationTimeoutError("acme", 5),
    "MIGRATION_TIMEOUT",
    500,
    "longer timeoutMs",
  ],
  NoScopeError: [new core.NoScopeError("end"), "NO_SCOPE", 500, "tenancy.scope("],
  NoTenantContextError: [
    new core.NoTenantContextError("db.em()"),
    "NO_TENANT_CONTEXT",
    500,
    "tenancy.run(",
  ],
  NameReservedError: [
    new core.NameReservedError("slug", "www"),
    "NAME_RESERVED",
    409,
    "choose another one",
  ],
  OperationInFlightError: [
    new core.OperationInFlightError("acme", "create"),
    "OPERATION_IN_FLIGHT",
    409,
    "repair()",
  ],
  PlanChangedError: [new core.PlanChangedError("p1"), "PLAN_CHANGED", 409, "make a new one"],
  ProvisioningError: [
    new core.ProvisioningError("o1", "migrate", { cause: "x" }),
    "PROVISIONING_FAILED",
    503,
    "repair()",
  ],
  RegistryNewerError: [
    new core.RegistryNewerError("0002-later"),
    "REGISTRY_NEWER",
    503,
    "run the version that made them",
  ],
  RegistryUnavailableError: [
    new core.RegistryUnavailableError({ cause: "x" }),
    "REGISTRY_UNAVAILABLE",
    503,
    "check its server",
  ],
  RestoreTooLateError: [
    new core.RestoreTooLateError("acme", 0),
    "RESTORE_TOO_LATE",
    409,
    "bring its data back from a backup",
  ],
  ScopeBusyError: [
    new core.ScopeBusyError("end", "a lease is open"),
    "SCOPE_BUSY",
    500,
    "await it first",
  ],
  ScopeSealedError: [new core.ScopeSealedError("end"), "SCOPE_SEALED", 500, "tenancy.scope(fn)"],
  SeederFailedError: [
    new core.SeederFailedError("acme", "plans", [], { cause: new Error("no") }),
    "SEEDER_FAILED",
    500,
    "then seed this tenant again",
  ],
  SeedingLockedError: [
    new core.SeedingLockedError("acme", "plans"),
    "SEEDING_LOCKED",
    409,
    "wait until it has finished",
  ],
  SlugTakenError: [new core.SlugTakenError("acme"), "SLUG_TAKEN", 409, "choose another"],
  StaleOperationError: [
    new core.StaleOperationError("o1"),
    "STALE_OPERATION",
    409,
    "nothing is left to do",
  ],
  MaintenanceBypassedError: [
    new core.MaintenanceBypassedError("acme", "/notes", "pass=1"),
    "MAINTENANCE_BYPASSED",
    303,
    "to the Location",
  ],
  StaleTenantError: [new core.StaleTenantError("acme", 1), "STALE_TENANT", 409, "read it again"],
  TenancyClosedError: [
    new core.TenancyClosedError("closed"),
    "TENANCY_CLOSED",
    503,
    "tenancy.start()",
  ],
  ForeignCredentialError: [
    new core.ForeignCredentialError(['domain: "a"', 'claim: "b"']),
    "FOREIGN_CREDENTIAL",
    401,
    "sign in at the tenant",
  ],
  TenantConflictError: [
    new core.TenantConflictError(['domain: "a"', 'header: "b"']),
    "TENANT_CONFLICT",
    400,
    "firstOf()",
  ],
  TenantDeniedError: [
    new TenantDeniedError("acme", {
      code: "TENANT_SUSPENDED",
      status: 403,
      publicMessage: "This account is suspended.",
      remedy: "lift the suspension first.",
      retryAfter: undefined,
    }),
    "TENANT_SUSPENDED",
    403,
    "lift the suspension",
  ],
  TenantExistsError: [new core.TenantExistsError("acme"), "TENANT_EXISTS", 409, "leave it out"],
  TenantMismatchError: [
    new core.TenantMismatchError("A loader", "acme", "globex"),
    "TENANT_MISMATCH",
    500,
    "create it inside",
  ],
  TenantNotClonableError: [
    new core.TenantNotClonableError("acme", "it is pending"),
    "TENANT_NOT_CLONABLE",
    409,
    "it is pending",
  ],
  TenantNotDeletedError: [
    new core.TenantNotDeletedError("acme", 'is "active"'),
    "TENANT_NOT_DELETED",
    409,
    "delete it first",
  ],
  TenantNotFoundError: [
    new core.TenantNotFoundError("slug", "acme"),
    "TENANT_NOT_FOUND",
    404,
    "create the tenant",
  ],
  TenantNotIdentifiedError: [
    new core.TenantNotIdentifiedError("domain"),
    "TENANT_NOT_IDENTIFIED",
    400,
    "createTenancy({ central })",
  ],
  TransactionEndedError: [
    new core.TransactionEndedError(),
    "TRANSACTION_ENDED",
    500,
    "await every call",
  ],
  TransactionTimeoutError: [
    new core.TransactionTimeoutError(4_000),
    "TRANSACTION_TIMEOUT",
    503,
    "hand the transaction on",
  ],
  UnknownDriverError: [
    new core.UnknownDriverError("oracle"),
    "UNKNOWN_DRIVER",
    500,
    "add its package",
  ],
  UnknownOperationError: [
    new core.UnknownOperationError("fly"),
    "UNKNOWN_OPERATION",
    422,
    "pass it to",
  ],
  UnknownSeederError: [
    new core.UnknownSeederError("demo", ["plans"]),
    "UNKNOWN_SEEDER",
    400,
    "there are plans",
  ],
  ValueCycleError: [new core.ValueCycleError(["a", "b", "a"]), "VALUE_CYCLE", 500, "Break it"],
  ValueExistsError: [new core.ValueExistsError("mailer"), "VALUE_EXISTS", 500, "provide it once"],
  ValueMissingError: [
    new core.ValueMissingError("mailer"),
    "VALUE_MISSING",
    500,
    "add its bootstrapper",
  ],
  ThrownValueError: [
    new core.ThrownValueError(undefined),
    "THROWN_VALUE",
    500,
    "throw an Error, or reject with one",
  ],
  VetoedError: [new core.VetoedError("ending"), "VETOED", 403, "see the application's listeners"],
  WrongSideError: [new core.WrongSideError("central", "tenant"), "WRONG_SIDE", 404, '"universal"'],
};

describe("the exported errors", () => {
  it("are all listed here", () => {
    const exported = Object.entries(core)
      .filter(([, value]) => typeof value === "function" && value.prototype instanceof TenancyError)
      .map(([name]) => name);

    expect(Object.keys(errors).toSorted()).toEqual(exported.toSorted());
  });

  it("have codes that differ", () => {
    const codes = Object.values(errors).map(([error]) => error.code);

    expect(new Set(codes).size).toBe(codes.length);
  });

  it.each(Object.entries(errors))(
    "%s has its code, status, name and remedy",
    (name, [error, code, status, remedy]) => {
      expect(error.code).toBe(code);
      expect(error.code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
      expect(error.status).toBe(status);
      expect(error.name).toBe(name);
      expect(error.message).toContain(remedy);
      expect(error.message).toMatch(/\.$/);
      expect(error).toBeInstanceOf(Error);
      expect(isTenancyError(error)).toBe(true);
      expect(error.stack).toContain("errors.test");
    },
  );

  it.each(Object.entries(errors))("%s says outside nothing that is inside", (_, [error]) => {
    expect(error.publicMessage).not.toBe("");
    for (const inside of ["acme", "t_1", "globex", "repair(", "tenancy.", "createTenancy"]) {
      expect(error.publicMessage).not.toContain(inside);
    }
  });

  it.each(Object.entries(errors).filter(([, [error]]) => error.status === 503))(
    "%s is a 503 and says when to try again",
    (_, [error]) => {
      expect(error.retryAfter).toBeGreaterThan(0);
    },
  );

  it("keep the cause that they are given", () => {
    const cause = new RangeError("why");

    expect(new core.SlugTakenError("acme", { cause }).cause).toBe(cause);
    expect(new core.DomainTakenError("a.test", { cause }).cause).toBe(cause);
    expect(new core.DecryptionError("cookie", { cause }).cause).toBe(cause);
    expect(new core.RegistryUnavailableError({ cause }).cause).toBe(cause);
    expect(new core.ProvisioningError("o1", "migrate", { cause }).cause).toBe(cause);
  });

  it("show values so that they cannot be mistaken for words of the message", () => {
    expect(new core.TenantNotFoundError("slug", 'a" b\n').message).toContain(String.raw`"a\" b\n"`);
    expect(new core.InvalidHostError("a\r\nb", "no").message).not.toContain("\n");
  });
});
