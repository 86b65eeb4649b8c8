import { TransactionTakenBackError } from "@af-tenancy/database";
import type { NativeSqlite } from "./native-sqlite.ts";

/**
 * The transaction that is open as far as its user knows. SQLite takes it back by itself where the user's SQL says so, as
 * `insert or rollback` does, and where the disk fails; what came next would be in no transaction, and stay.
 */
export class OpenTransaction {
  readonly #native: NativeSqlite;
  readonly #name: string;
  #isOpen = false;
  #takenBack: unknown;

  constructor(native: NativeSqlite, name: string) {
    this.#native = native;
    this.#name = name;
  }

  get isTakenBack(): boolean {
    return this.#takenBack !== undefined;
  }

  /** It has begun, or is over. */
  set(isOpen: boolean): void {
    this.#isOpen = isOpen;
    this.#takenBack = undefined;
  }

  /** Looks whether it is still there after an error. */
  note(error: unknown): void {
    if (this.#isOpen && !this.#native.inTransaction) this.#takenBack ??= error;
  }

  /** Throws `TransactionTakenBackError`. */
  assertKept(): void {
    if (this.#takenBack === undefined) return;
    throw new TransactionTakenBackError(this.#name, { cause: this.#takenBack });
  }
}
