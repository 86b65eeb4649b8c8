import { TenancyError } from "@af-tenancy/core";

/** Thrown when the work of a scope is over and a transaction that it began by hand is not; it was taken back. */
export class TransactionLeftOpenError extends TenancyError {
  readonly code = "TRANSACTION_LEFT_OPEN";

  constructor() {
    super(
      "A transaction that was begun by hand was still open when the work of its scope was over, and was taken back: end " +
        "each em.begin() by em.commit() or em.rollback() on every path and await it, or use em.transactional().",
    );
  }
}

/** Thrown when an entity manager is used whose transaction is over, and whose connection was given back. */
export class TransactionOverError extends TenancyError {
  readonly code = "TRANSACTION_OVER";

  constructor() {
    super(
      "An entity manager was used after the end of its transaction, or after checkoutDeadline: keep the one that " +
        "em.transactional() hands you inside its callback, and use db.em() elsewhere.",
    );
  }
}

/**
 * Thrown when a transaction goes on or is committed that the server has taken back after an error in it, which the
 * application caught: nothing of it is kept.
 */
export class TransactionTakenBackError extends TenancyError {
  readonly code = "TRANSACTION_TAKEN_BACK";

  constructor(name: string, options: ErrorOptions) {
    super(
      `Nothing of a transaction on the database "${name}" is kept, because a statement in it failed (see the cause) and ` +
        "its error was caught: let it reach em.transactional(), or put what may fail into an em.transactional() of its own.",
      options,
    );
  }
}
