import { TenancyError } from "./tenancy-error.ts";

/** Thrown by everything that needs a tenant where there is none. */
export class NoTenantContextError extends TenancyError {
  readonly code = "NO_TENANT_CONTEXT";

  constructor(what: string) {
    super(
      `${what} needs a tenant and there is none here: call it inside tenancy.run(tenant, fn), in a request that went ` +
        "through the tenancy middleware, or say tenancy.central(fn) and use a central resource.",
    );
  }
}

/** Thrown when something made in a tenant's scope is used after that scope has ended. */
export class ContextEndedError extends TenancyError {
  readonly code = "CONTEXT_ENDED";

  constructor(tenantId: string, what = "The scope") {
    super(
      `${what} of tenant "${tenantId}" has ended and may not be used any more: await the work before the scope's ` +
        "callback returns, hand it to tenancy.waitUntil(promise), or run it as a job of its own.",
    );
  }
}

/** Thrown by `initialize`, `end` and `reinitialize` inside `run`, `central` or a request. */
export class ScopeSealedError extends TenancyError {
  readonly code = "SCOPE_SEALED";

  constructor(method: string) {
    super(
      `${method}() cannot change the tenant here, because run(), central() and requests seal their scope: enter the ` +
        "other tenant with tenancy.run(tenant, fn), or use tenancy.scope(fn) for sequential code.",
    );
  }
}

/** Thrown when an open scope is asked to change while something that belongs to its tenant is unfinished. */
export class ScopeBusyError extends TenancyError {
  readonly code = "SCOPE_BUSY";

  constructor(method: string, reason: string) {
    super(
      `${method}() cannot change the tenant while ${reason} in the same scope: await it first, or give each parallel ` +
        "branch its own tenancy.run(tenant, fn).",
    );
  }
}

/** Thrown by `initialize`, `end` and `reinitialize` outside `scope(fn)`. */
export class NoScopeError extends TenancyError {
  readonly code = "NO_SCOPE";

  constructor(method: string) {
    super(`${method}() needs an open scope: wrap the code in tenancy.scope(async () => { ... }).`);
  }
}

/** Thrown when something of one tenant is used inside another. */
export class TenantMismatchError extends TenancyError {
  readonly code = "TENANT_MISMATCH";

  constructor(what: string, owner: string, current: string) {
    super(
      `${what} belongs to tenant "${owner}" and was used inside tenant "${current}": create it inside the scope in ` +
        "which it is used.",
    );
  }
}

/** Thrown when a listener of an event refused what was about to happen. */
export class VetoedError extends TenancyError {
  readonly code = "VETOED";
  override readonly status = 403;
  override readonly publicMessage = "This is not allowed.";

  constructor(event: string) {
    super(
      `A listener of "${event}" returned false and so refused it: see the application's listeners.`,
    );
  }
}

/** Thrown when a key is provided a second time in one scope. */
export class ValueExistsError extends TenancyError {
  readonly code = "VALUE_EXISTS";

  constructor(key: string) {
    super(
      `The value "${key}" is already provided in this scope: provide it once, in one bootstrapper.`,
    );
  }
}

/** Thrown when a scope is asked for a value that no bootstrapper provides. */
export class ValueMissingError extends TenancyError {
  readonly code = "VALUE_MISSING";

  constructor(key: string) {
    super(
      `Nothing provides the value "${key}" in this scope: add its bootstrapper to createTenancy({ bootstrappers }).`,
    );
  }
}

/** Thrown when creating a value needs, in the end, that value itself. */
export class ValueCycleError extends TenancyError {
  readonly code = "VALUE_CYCLE";

  constructor(path: readonly string[]) {
    super(`The values need each other in a circle: ${path.join(" -> ")}. Break it at one of them.`);
  }
}
