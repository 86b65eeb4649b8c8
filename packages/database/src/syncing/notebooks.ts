import type { RecordChange } from "./pending-changes.ts";
import type { SyncStep } from "./sync-step.ts";

/** A change that a flush made to a synced record. */
export interface Note extends RecordChange {
  readonly resource: string;
  readonly globalId: string;
  /** `null` in the central database. */
  readonly tenantId: string | null;
}

/** What is to be done once a transaction is kept. */
export type Task = Note | SyncStep;

/** Remembers what entity managers changed, until their transactions are over. */
export class Notebooks {
  readonly #books = new WeakMap<object, Notebook>();

  /** Notes a change that a flush is making. */
  add(em: object, note: Note): void {
    this.#of(em).noted.push(note);
  }

  /** Notes a step for what was written in the transaction already. */
  addStep(em: object, step: SyncStep): void {
    this.#of(em).written.push(step);
  }

  /** Gives what was noted and is now to be written in the same transaction. */
  write(em: object): readonly Note[] {
    const book = this.#books.get(em);
    if (book === undefined || book.noted.length === 0) return [];
    const notes = book.noted.splice(0);
    book.written.push(...notes);
    return notes;
  }

  /** The transaction is kept. */
  keep(em: object): void {
    const book = this.#books.get(em);
    book?.kept.push(...book.written.splice(0));
  }

  /** The transaction, or the part of it that is the entity manager's, is taken back. */
  drop(em: object): void {
    const book = this.#books.get(em);
    book?.noted.splice(0);
    book?.written.splice(0);
  }

  /** Hands what an inner entity manager wrote to the one whose transaction it is in. */
  fold(inner: object, outer: object): void {
    const book = this.#books.get(inner);
    if (book === undefined) return;
    this.#of(outer).written.push(...book.written.splice(0));
    this.postpone(book.kept.splice(0), outer);
  }

  /** Gives what is kept and was not given before. */
  take(em: object): readonly Task[] {
    return this.#books.get(em)?.kept.splice(0) ?? [];
  }

  /** Leaves what is kept for when another entity manager's transaction is over. */
  postpone(kept: readonly Task[], em: object): void {
    if (kept.length > 0) this.#of(em).kept.push(...kept);
  }

  #of(em: object): Notebook {
    const book: Notebook = this.#books.get(em) ?? { noted: [], written: [], kept: [] };
    this.#books.set(em, book);
    return book;
  }
}

interface Notebook {
  readonly noted: Note[];
  readonly written: Task[];
  readonly kept: Task[];
}
