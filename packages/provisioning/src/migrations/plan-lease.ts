import { MigrationPlanHeldError, type RegistryTransaction } from "@af-tenancy/core";
import { keepRenewed } from "../keep-renewed.ts";
import { patiently } from "../patience.ts";
import { patienceOf, type Workplace } from "../workplace.ts";

/** The right to run one plan: one process has it at a time, and its death frees it. */
export class PlanLease {
  readonly #workplace: Workplace;
  readonly #planId: string;
  readonly #owner: string;
  readonly #lost = new AbortController();
  readonly #ended = new AbortController();
  #keeping: Promise<void> = Promise.resolve();

  private constructor(workplace: Workplace, planId: string) {
    this.#workplace = workplace;
    this.#planId = planId;
    this.#owner = workplace.nextOwner();
  }

  /** Takes the right; throws `MigrationPlanHeldError` while somebody else has it. */
  static async take(workplace: Workplace, planId: string): Promise<PlanLease> {
    const { closing } = workplace;
    closing.throwIfAborted();
    const lease = new PlanLease(workplace, planId);
    await lease.commit(async () => {});
    const close = () => lease.#lost.abort(closing.reason);
    closing.addEventListener("abort", close, { signal: lease.#ended.signal });
    if (closing.aborted) close();
    lease.#keeping = lease.#keep();
    return lease;
  }

  /** Aborted when the right is lost or the process shuts down. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * Writes in a transaction that renews the right, again while the registry is away; what is written may be written
   * twice. Throws `MigrationPlanHeldError` when the right was lost.
   */
  commit<R>(work: (transaction: RegistryTransaction) => Promise<R>): Promise<R> {
    const { retryMs } = this.#workplace;
    const patience = patienceOf(this.#workplace, this.signal, retryMs);
    return patiently(patience, () => this.#claim(work));
  }

  /** Gives the right back; where that fails it is free when its time is over. */
  async end(): Promise<void> {
    this.#ended.abort();
    // A renewal that is under way would take it again.
    await this.#keeping;
    await this.#workplace.registry
      .transaction(({ leases }) => leases.release(this.#name, this.#owner))
      .catch(() => undefined);
  }

  #claim<R>(work: (transaction: RegistryTransaction) => Promise<R>): Promise<R> {
    const { registry, leaseMs } = this.#workplace;
    return registry.transaction(async (transaction) => {
      const isOwn = await transaction.leases.claim(this.#name, this.#owner, leaseMs);
      if (!isOwn) throw new MigrationPlanHeldError(this.#planId);
      return work(transaction);
    });
  }

  get #name(): string {
    return `migration-plan:${this.#planId}`;
  }

  #keep(): Promise<void> {
    return keepRenewed(this.#workplace, {
      renew: () => this.#claim(async () => {}),
      isLost: (error) => error instanceof MigrationPlanHeldError,
      loss: () => new MigrationPlanHeldError(this.#planId),
      lost: this.#lost,
      ended: this.#ended.signal,
    });
  }
}
