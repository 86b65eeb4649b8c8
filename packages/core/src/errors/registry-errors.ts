import { TenancyError } from "./tenancy-error.ts";

/** The base of what is refused because something else was there first. */
abstract class ConflictError extends TenancyError {
  override readonly status = 409;
  override readonly publicMessage: string = "This is in conflict with what is already there.";
}

/** Thrown when another tenant has the slug. */
export class SlugTakenError extends ConflictError {
  readonly code = "SLUG_TAKEN";

  constructor(slug: string, options?: ErrorOptions) {
    super(`The slug "${slug}" belongs to another tenant: choose another one.`, options);
  }
}

/** Thrown when a domain belongs to another tenant, or is given twice. */
export class DomainTakenError extends ConflictError {
  readonly code = "DOMAIN_TAKEN";

  constructor(domain: string, options?: ErrorOptions) {
    super(
      `The domain "${domain}" is already in use: remove it there first, or choose another one.`,
      options,
    );
  }
}

/** Thrown when a slug or domain belongs to the operator or the central side. */
export class NameReservedError extends ConflictError {
  readonly code = "NAME_RESERVED";

  constructor(kind: "slug" | "domain", name: string) {
    const shown = JSON.stringify(name.length <= 100 ? name : `${name.slice(0, 99)}…`);
    super(
      `The ${kind} ${shown} is not for tenants: choose another one, or change createTenancy({ central }) or ` +
        "provisioning({ reserved }).",
    );
  }
}

/** Thrown when a tenant with the id exists or once existed. */
export class TenantExistsError extends ConflictError {
  readonly code = "TENANT_EXISTS";

  constructor(id: string, options?: ErrorOptions) {
    super(
      `A tenant with id "${id}" exists already: ids are never used again, leave it out to get a new one.`,
      options,
    );
  }
}

/** Thrown when a tenant was changed by someone else since it was read. */
export class StaleTenantError extends ConflictError {
  readonly code = "STALE_TENANT";

  /** Without a version it has other domains than were expected. */
  constructor(id: string, version?: number) {
    const former = version === undefined ? "has the domains of before" : `is at version ${version}`;
    super(`Tenant "${id}" no longer ${former}: read it again and repeat the change.`);
  }
}

/** Thrown when a tenant has an unfinished operation. */
export class OperationInFlightError extends ConflictError {
  readonly code = "OPERATION_IN_FLIGHT";

  constructor(tenantId: string, kind: string) {
    super(
      `Tenant "${tenantId}" has an unfinished "${kind}": wait for it, or run repair() if its process died.`,
    );
  }
}

/** Thrown when a tenant is to be purged that was not deleted, or can still be restored. */
export class TenantNotDeletedError extends ConflictError {
  readonly code = "TENANT_NOT_DELETED";

  constructor(id: string, state: string) {
    super(
      `Tenant "${id}" ${state}: delete it first and wait for the end of its grace, or purge it with skipGrace.`,
    );
  }
}

/** Thrown when tenants are no longer as they were when a plan was made, or were not given whole. */
export class PlanChangedError extends ConflictError {
  readonly code = "PLAN_CHANGED";

  constructor(plan: string) {
    super(
      `"${plan}" is not the plan of these tenants as they are now: make a new one, look at it, and repeat.`,
    );
  }
}

/** Thrown when a worker lost the lease of its operation, so that it stops at once. */
export class StaleOperationError extends ConflictError {
  readonly code = "STALE_OPERATION";

  constructor(id: string) {
    super(
      `The lease of operation "${id}" was lost to another worker, which continues it: nothing is left to do here.`,
    );
  }
}

/** Thrown when an idempotency key comes back with other input, or after what it made was purged. */
export class IdempotencyConflictError extends ConflictError {
  readonly code = "IDEMPOTENCY_CONFLICT";

  /** `use` says what became of the key: "was used with other input" when absent. */
  constructor(key: string, use = "was used with other input") {
    super(`The idempotency key "${key}" ${use}: use a new key for another request.`);
  }
}

/** Thrown when a database under the name belongs to someone else, or to nobody known. */
export class DatabaseOwnedError extends ConflictError {
  readonly code = "DATABASE_OWNED";

  constructor(name: string, owner: string) {
    super(
      `The database "${name}" exists and belongs to ${owner}: it is neither used nor dropped; look at it first.`,
    );
  }
}

/** Thrown when input cannot be accepted, before anything was changed. */
export class InvalidInputError extends TenancyError {
  readonly code = "INVALID_INPUT";
  override readonly status = 422;
  override readonly publicMessage: string;

  constructor(field: string, value: string, rule: string, options?: ErrorOptions) {
    super(`"${field}" cannot be ${JSON.stringify(value)}: ${rule}.`, options);
    this.publicMessage = `The field "${field}" is invalid: ${rule}.`;
  }
}

/** Thrown when no operation of the kind is registered. */
export class UnknownOperationError extends TenancyError {
  readonly code = "UNKNOWN_OPERATION";
  override readonly status = 422;
  override readonly publicMessage = "There is no such operation.";

  constructor(kind: string) {
    super(`No operation "${kind}" is registered: pass it to provisioning({ operations }).`);
  }
}

/** Thrown when a placement names a driver that the application did not configure. */
export class UnknownDriverError extends TenancyError {
  readonly code = "UNKNOWN_DRIVER";

  constructor(driver: string) {
    super(`No driver "${driver}" is configured: add its package to createTenancy({ databases }).`);
  }
}

/** Thrown when an operation stopped at a step; the journal keeps where, and `repair` continues it. */
export class ProvisioningError extends TenancyError {
  readonly code = "PROVISIONING_FAILED";
  override readonly status = 503;
  override readonly publicMessage = "The tenant could not be made ready; try again soon.";
  override readonly retryAfter = 5;
  readonly operationId: string;
  readonly step: string;

  constructor(operationId: string, step: string, options: ErrorOptions) {
    super(
      `Operation "${operationId}" stopped at step "${step}": see the cause, mend it, then call repair() or repeat the ` +
        "call with its idempotency key.",
      options,
    );
    this.operationId = operationId;
    this.step = step;
  }
}

/** Thrown when a tenant's database cannot be used yet, or is not there although it should be. */
export class DatabaseNotReadyError extends TenancyError {
  readonly code = "DATABASE_NOT_READY";
  override readonly status = 503;
  override readonly publicMessage = "The service is not available right now; try again soon.";
  override readonly retryAfter = 5;

  constructor(tenantId: string, reason: string) {
    super(
      `The database of tenant "${tenantId}" is not ready: ${reason}. Finish its operation with repair(), or look for ` +
        "a backup if it was there before.",
    );
  }
}

/** Thrown when a registry transaction waited too long for those before it. */
export class TransactionTimeoutError extends TenancyError {
  readonly code = "TRANSACTION_TIMEOUT";
  override readonly status = 503;
  override readonly publicMessage = "The service is not available right now; try again soon.";
  override readonly retryAfter = 5;
  override readonly transient = true;

  constructor(milliseconds: number) {
    super(
      `A registry transaction waited ${milliseconds} ms for another one to end: do not call registry.transaction() ` +
        "inside another's work but hand the transaction on, and keep slow work outside.",
    );
  }
}

/** Thrown when a registry starts whose tables a newer version of the packages made; nothing was changed. */
export class RegistryNewerError extends TenancyError {
  readonly code = "REGISTRY_NEWER";
  override readonly status = 503;
  override readonly publicMessage = "The service is not available right now; try again soon.";
  override readonly retryAfter = 30;

  constructor(migration: string) {
    super(
      `The registry's tables were brought up to "${migration}", which this version does not know: run the version ` +
        "that made them, or a later one.",
    );
  }
}

/** Thrown when a registry transaction is used after it has ended. */
export class TransactionEndedError extends TenancyError {
  readonly code = "TRANSACTION_ENDED";

  constructor() {
    super(
      "A registry transaction was used after it had ended: await every call in its work, and use it nowhere else.",
    );
  }
}
