import { TransactionOverError } from "../transaction-errors.ts";

/** Whether a transaction has ended; Kysely's own error for its use tells neither whose it was nor what to do. */
export function isOver(transaction: unknown): boolean {
  if (transaction === undefined) return false; // as most statements have it
  const { isCommitted, isRolledBack } = Object(transaction) as Partial<Ends>;
  return isCommitted === true || isRolledBack === true;
}

/** Gives the error for the use of a transaction that is over: that of the scope where `hold` refuses. */
export function overError(hold: () => () => void): unknown {
  try {
    hold()();
    return new TransactionOverError();
  } catch (error) {
    return error;
  }
}

/** What a transaction of Kysely tells of itself. */
interface Ends {
  readonly isCommitted: boolean;
  readonly isRolledBack: boolean;
}
