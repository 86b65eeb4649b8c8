import {
  type OperationProgress,
  type OperationRecord,
  type RegistryTransaction,
  StaleOperationError,
} from "@af-tenancy/core";
import { certainTransaction } from "./certain-transaction.ts";
import { keepRenewed } from "./keep-renewed.ts";
import type { Workplace } from "./workplace.ts";

/** An operation and the name under which its lease was taken. */
export interface Claim {
  readonly operation: OperationRecord;
  readonly owner: string;
}

/** The right to work on one operation: renewed while it is held, and gone for good once somebody else has it. */
export class Lease {
  readonly #workplace: Workplace;
  readonly #owner: string;
  readonly #lost = new AbortController();
  readonly #ended = new AbortController();
  /** Rejects when the lease is lost. */
  readonly #loss: Promise<never>;
  readonly #close: () => void;
  #operation: OperationRecord;

  constructor(workplace: Workplace, { operation, owner }: Claim) {
    this.#workplace = workplace;
    this.#operation = operation;
    this.#owner = owner;
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => undefined); // nobody may be working
    this.#loss = promise;
    this.signal.addEventListener("abort", () => reject(this.signal.reason));
    const { closing } = workplace;
    this.#close = () => this.#lost.abort(closing.reason);
    if (closing.aborted) this.#close();
    closing.addEventListener("abort", this.#close);
    void this.#keep();
  }

  /** The operation as this owner last wrote it. */
  get operation(): OperationRecord {
    return this.#operation;
  }

  /** Aborted when the lease is lost or the process shuts down. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** Waits for work as long as the lease holds; then it is left to itself and the signal's reason thrown. */
  async hold(work: () => Promise<void>): Promise<void> {
    this.signal.throwIfAborted();
    await Promise.race([this.#loss, work()]);
  }

  /** Has the next commit, or the next renewal, write that a step is done. */
  note(step: string): void {
    this.#operation = { ...this.#operation, done: [...this.#operation.done, step] };
  }

  /**
   * Writes progress and what belongs to it in one transaction, for `milliseconds` again and again while the registry is
   * away; throws `StaleOperationError` when the lease was lost.
   */
  async commit(
    progress: OperationProgress,
    work?: (transaction: RegistryTransaction) => Promise<void>,
    milliseconds = this.#workplace.retryMs,
  ): Promise<void> {
    const { id, attempt, state, done: noted } = this.#operation;
    const written = { done: noted, ...progress };
    const expected = JSON.stringify([written.state ?? state, written.done]);
    this.#operation = await certainTransaction(
      this.#workplace,
      async (transaction) => {
        const saved = await transaction.operations.save(id, this.#owner, written);
        await work?.(transaction);
        return saved;
      },
      async ({ operations }) => {
        const found = await operations.find({ id });
        if (found?.attempt !== attempt) return undefined;
        return JSON.stringify([found.state, found.done]) === expected ? found : undefined;
      },
      { milliseconds, signal: this.signal },
    );
  }

  /** Stops renewing; what the journal says of the lease stays. */
  end(): void {
    this.#workplace.closing.removeEventListener("abort", this.#close);
    // Without a reason an error is made for each, with its stack.
    this.#ended.abort("ended");
  }

  #keep(): Promise<void> {
    return keepRenewed(this.#workplace, {
      renew: () => this.#renew(),
      isLost: (error) => error instanceof StaleOperationError,
      loss: () => new StaleOperationError(this.#operation.id),
      lost: this.#lost,
      ended: this.#ended.signal,
    });
  }

  /** A claim alone would also take an operation that another owner had meanwhile and has left. */
  async #renew(): Promise<void> {
    const { registry, leaseMs } = this.#workplace;
    const { id, done } = this.#operation;
    await registry.transaction(async ({ operations }) => {
      await operations.save(id, this.#owner, { state: "running", done });
      await operations.claim(id, this.#owner, leaseMs);
    });
  }
}
