import { TenancyError } from "./tenancy-error.ts";

/** Thrown at start when an option cannot be right; names the key, the value and the remedy. */
export class ConfigurationError extends TenancyError {
  readonly code = "INVALID_CONFIGURATION";
  /** Path of the option, such as `bootstrappers[1].name`. */
  readonly key: string;

  constructor(key: string, value: string, remedy: string, options?: ErrorOptions) {
    super(`Option "${key}" is ${value}: ${remedy}`, options);
    this.key = key;
  }
}

/** Thrown at start when something needs a key ring and the application gave none. */
export class KeysRequiredError extends TenancyError {
  readonly code = "KEYS_REQUIRED";

  constructor(purpose: string) {
    super(
      `"${purpose}" needs a key and there is none: pass createTenancy({ keys: createKeyRing({ current }) }) with at ` +
        "least 32 random bytes that are kept secret and the same in every process.",
    );
  }
}

/** Thrown when a tenancy is used before `start()` or after `close()`. */
export class TenancyClosedError extends TenancyError {
  readonly code = "TENANCY_CLOSED";
  override readonly status = 503;
  override readonly publicMessage = "The service is starting or stopping; try again soon.";
  override readonly retryAfter = 5;
  /** It was closed, or is being: nobody has to look into that. */
  readonly isOver: boolean;

  constructor(state: string) {
    super(
      `The tenancy is ${state}: await tenancy.start() first, and do not use it after tenancy.close().`,
    );
    this.isOver = state === "closing" || state === "closed";
  }
}

/** Thrown when another, incompatible copy of the package is already loaded in this process. */
export class DuplicateCoreError extends TenancyError {
  readonly code = "DUPLICATE_CORE";

  constructor(loaded: string, own: string) {
    super(
      `Two incompatible copies of @af-tenancy/core are loaded (context protocol "${loaded}" and "${own}"): keep one ` +
        "version in the application; `npm ls @af-tenancy/core` shows who brings the other.",
    );
  }
}

/** Thrown when something that is not a tenant, an id or a reference is given in a tenant's place. */
export class InvalidTenantError extends TenancyError {
  readonly code = "INVALID_TENANT";

  constructor(value: string) {
    super(
      `${value} is no tenant: give an object with a non-empty string id, an id, or { by, value }.`,
    );
  }
}

/** Thrown when sealed text cannot be read with any known key. */
export class DecryptionError extends TenancyError {
  readonly code = "DECRYPTION_FAILED";

  constructor(purpose: string, options?: ErrorOptions) {
    super(
      `A text sealed for "${purpose}" cannot be read: it was altered, or made with a key, purpose or context that is ` +
        "not known here; add the old key to createKeyRing({ previous }).",
      options,
    );
  }
}
