import { CommitListeners } from "../commit-listeners.ts";
import type { ChangeFeed } from "../contracts/change-feed.ts";
import type { Clock } from "../contracts/clock.ts";
import type { TenancyHost } from "../contracts/component.ts";
import type { OutboxEntry } from "../contracts/outbox.ts";
import type { CentralRegistry, RegistryTransaction } from "../contracts/registry.ts";
import type { TenantStore } from "../contracts/store.ts";
import type { TenantRecord } from "../contracts/tenant.ts";
import { ConfigurationError } from "../errors/configuration-errors.ts";
import { TransactionEndedError } from "../errors/registry-errors.ts";
import { checkKnownOptions } from "../known-options.ts";
import { attachOnce } from "./attach-once.ts";
import { memoryFleetRecords } from "./memory-fleet-records.ts";
import { memoryHistory } from "./memory-history.ts";
import { memoryLeases } from "./memory-leases.ts";
import { MemoryLedger } from "./memory-ledger.ts";
import { memoryMigrationRecords } from "./memory-migration-records.ts";
import { MemoryOperations } from "./memory-operations.ts";
import { changesAfter, lastChange, MemoryOutbox } from "./memory-outbox.ts";
import { MemoryTenants } from "./memory-tenants.ts";
import { type RegistryTables, registryTables } from "./registry-tables.ts";
import { tablesStore } from "./tables-store.ts";
import { TransactionQueue } from "./transaction-queue.ts";

/** How a memory registry tells time and how long its transactions wait for each other. */
export interface MemoryRegistryOptions {
  /** The tenancy's clock when absent. */
  readonly clock?: Clock;
  /** Milliseconds that a transaction waits while none of those before it ends; 4,000 when absent. */
  readonly maxWait?: number;
}

/**
 * Makes a central registry that lives as long as the process: for tests, trials and applications with a fixed fleet.
 * Transactions run one at a time. One that is begun inside another's work can never have its turn, and throws
 * `TransactionTimeoutError` after `maxWait`; an unawaited write after the end throws `TransactionEndedError`. Throws
 * `ConfigurationError`.
 *
 * @example const tenancy = createTenancy({ registry: memoryRegistry() });
 */
export function memoryRegistry(options: MemoryRegistryOptions = {}): CentralRegistry {
  checkKnownOptions<MemoryRegistryOptions>("memoryRegistry", options, {
    clock: true,
    maxWait: true,
  });
  const { maxWait } = options;
  if (maxWait !== undefined && !(Number.isFinite(maxWait) && maxWait >= 0)) {
    const remedy = "give milliseconds, 0 or more.";
    throw new ConfigurationError("memoryRegistry.maxWait", String(maxWait), remedy);
  }
  return new MemoryRegistry(options);
}

class MemoryRegistry implements CentralRegistry {
  readonly name = "memory-registry";
  readonly store: TenantStore<TenantRecord>;
  readonly changes: ChangeFeed;
  readonly attach: (host: TenancyHost) => void;
  readonly #draft = registryTables();
  readonly #queue = new TransactionQueue();
  readonly #clock: Clock;
  readonly #maxWait: number;
  readonly #listeners = new CommitListeners();

  constructor({ clock, maxWait = 4_000 }: MemoryRegistryOptions) {
    const host = attachOnce("registry");
    this.attach = host.attach;
    this.#clock = clock ?? host.clock;
    this.#maxWait = maxWait;
    const { tables } = this.#draft;
    this.store = tablesStore(tables);
    this.changes = {
      readAfter: async (...asked) => changesAfter(tables, ...asked),
      last: async () => lastChange(tables),
      onCommit: (listener) => this.#listeners.add(listener),
    };
  }

  async transaction<R>(work: (transaction: RegistryTransaction) => Promise<R>): Promise<R> {
    await this.#queue.enter(this.#clock, this.#maxWait);
    const draft = this.#draft.draft();
    const appended: OutboxEntry[] = [];
    let ended = false;
    const tables = (): RegistryTables => {
      if (ended) throw new TransactionEndedError();
      return draft;
    };
    const outbox = new MemoryOutbox(tables, appended, this.#clock);
    try {
      const result = await work({
        tenants: new MemoryTenants(tables, this.#clock),
        operations: new MemoryOperations(tables, this.#clock),
        outbox,
        ledger: new MemoryLedger(tables),
        leases: memoryLeases(tables, this.#clock),
        history: memoryHistory(tables, this.#clock),
        ...memoryFleetRecords(tables, this.#clock, outbox),
        ...memoryMigrationRecords(tables, this.#clock),
      });
      draft.commit();
      this.#listeners.tell(appended);
      return result;
    } finally {
      ended = true;
      this.#queue.leave();
    }
  }
}
